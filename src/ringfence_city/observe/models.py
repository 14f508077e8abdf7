"""The noise model of every channel, by its name."""

from __future__ import annotations

from ringfence_city.observe import case_reports, daily, interviews, standing
from ringfence_city.observe.noise import Noise

NOISE_OF: dict[str, Noise] = dict(
    sorted(
        {
            **{channel.name: channel.noise for channel in daily.CHANNELS},
            standing.HOUSEHOLDS: standing.HOUSEHOLD_NOISE,
            standing.VACCINATIONS: standing.VACCINATION_NOISE,
            case_reports.CASES: case_reports.CASE_NOISE,
            case_reports.LABORATORY: case_reports.LABORATORY_NOISE,
            case_reports.SYMPTOMS: case_reports.SYMPTOM_NOISE,
            case_reports.MEASURES: case_reports.MEASURE_NOISE,
            interviews.INTERVIEWS: interviews.INTERVIEW_NOISE,
            interviews.ENCOUNTERS: interviews.ENCOUNTER_NOISE,
        }.items()
    )
)

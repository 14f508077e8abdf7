"""What really happened in the city.

The standing city: `build.city` of `households`, `sites`, `occupations`, `circles`, after `census`
and `venue_kinds`. A day: `days.lived`, or its parts `movement.stays`, `transport.rides`,
`vehicles.occupancies`; the plan behind them is made by `routine` of `occupied`, `errands`, `meals`,
`friends`, `travel` and `confinement`. Journeys to other places: `long_distance` (legs and who books
which), `far_runs` (the day's runs), `seats`, `itineraries` (the rides). Who interacted:
`contacts.met`, `aboard.met_aboard`. What is written down: `registers`, `transport_tables`,
`identity`.

Nothing is remembered between persons or days: each is drawn by itself (`ringfence_city.chance`).
So any part of the city can be asked for, in any order, by any number of processes.
"""

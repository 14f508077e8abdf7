"""People of a city tell their days as text, with the events that the text tells beside it."""

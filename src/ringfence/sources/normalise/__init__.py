"""Values of many forms brought to one, or refused with a reason."""

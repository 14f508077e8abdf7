"""Who rode with a case: asked under the case, of its recorded rides or of what somebody states."""

"""Small random homes on which every engine must answer alike."""

"""Files of any form as text cells with row numbers."""

"""How dates and numbers are written, one folder per language (Django's FORMAT_MODULE_PATH)."""

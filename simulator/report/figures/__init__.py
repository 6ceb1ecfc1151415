"""What the figures of a run show, declared once for page and paper; and how paper draws it, in both languages."""

"""The catalogues of the interface's second language, and what keeps them in step with the code."""

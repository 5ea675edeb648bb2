# accept: SYNTAX_ERROR
# Sloppy: goes on with tabs where the prompt has spaces.
	return n * 2

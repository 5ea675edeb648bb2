# accept: PASS
# Innocent: indented with tabs.
def double(n):
	if n:
		return n * 2
	return 0

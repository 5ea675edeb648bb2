# accept: WRONG_ENTRY_POINT
# Sloppy: the function is hidden in a class.
class Solution:
    def double(self, n):
        return n * 2

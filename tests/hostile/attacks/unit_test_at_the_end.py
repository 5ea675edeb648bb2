# accept: EXIT
# Sloppy: runs a test of its own, which ends the program.
import unittest


def double(n):
    return n * 2


class DoubleTest(unittest.TestCase):
    def test_double(self):
        self.assertEqual(double(3), 6)


unittest.main()

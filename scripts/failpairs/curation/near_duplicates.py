"""Finds pairs that are nearly the same as earlier ones, among any number of them."""

from datasketch import MinHash, MinHashLSH

from failpairs.curation.pairs import tokens

PERMUTATIONS = 128
LOOSEST_INDEX = 0.9  # what the index finds is compared again, so that it may find too much
SHINGLE = 3  # tokens


class NearDuplicates:
    """Remembers pairs by MinHash signatures (Broder 1997) in a locality-sensitive index."""

    def __init__(self, threshold: float) -> None:
        """
        Args:
            threshold: the share of shingles in common (Jaccard similarity) from which on two pairs
                count as nearly the same; 1 lets every pair pass.
        """
        self._threshold = threshold
        self._index = MinHashLSH(threshold=min(threshold, LOOSEST_INDEX), num_perm=PERMUTATIONS)
        self._seen: list[MinHash] = []

    def add(self, chosen: str, rejected: str) -> bool:
        """Remember a pair, unless it is nearly the same as one that is remembered."""
        if self._threshold == 1:
            return True
        words = [*tokens(chosen), "\n", *tokens(rejected)]
        shingles = {" ".join(words[i : i + SHINGLE]) for i in range(len(words))}
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([text.encode("utf-8", "replace") for text in sorted(shingles)])
        alike = (self._seen[number] for number in self._index.query(signature))
        if any(signature.jaccard(other) >= self._threshold for other in alike):
            return False
        self._index.insert(len(self._seen), signature)
        self._seen.append(signature)
        return True

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
        return self.earlier(chosen, rejected) is None

    def earlier(self, chosen: str, rejected: str) -> int | None:
        """The number of the first remembered pair that a pair is nearly the same as; without one,
        remember the pair. The remembered pairs are numbered from 0."""
        if self._threshold == 1:
            return None
        words = [*tokens(chosen), "\n", *tokens(rejected)]
        shingles = {" ".join(words[i : i + SHINGLE]) for i in range(len(words))}
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([text.encode("utf-8", "replace") for text in sorted(shingles)])
        alike = sorted(self._index.query(signature))
        for number in alike:
            if signature.jaccard(self._seen[number]) >= self._threshold:
                return int(number)
        self._index.insert(len(self._seen), signature)
        self._seen.append(signature)
        return None

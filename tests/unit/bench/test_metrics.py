#!/usr/bin/env python3
"""bench/quality/metrics.py against cases worked out by hand."""
import math
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / 'bench/quality'))
import metrics  # noqa: E402


class Metrics(unittest.TestCase):
    GRADES = {'a': 3, 'b': 2, 'c': 1}

    def test_ndcg_of_the_ideal_order_is_1(self):
        self.assertEqual(metrics.ndcg(['a', 'b', 'c', 'x'], self.GRADES, 10), 1.0)

    def test_ndcg_discounts_by_the_logarithm_of_the_rank(self):
        # x b a: 0 + 2 / log2(3) + 3 / log2(4); ideal: 3 + 2 / log2(3) + 1 / log2(4)
        expected = (2 / math.log2(3) + 1.5) / (3 + 2 / math.log2(3) + 0.5)
        self.assertAlmostEqual(metrics.ndcg(['x', 'b', 'a'], self.GRADES, 10), expected)
        self.assertAlmostEqual(expected, 0.5800, 4)

    def test_ndcg_looks_no_further_than_k_for_both_orders(self):
        # At 1 the ideal is one document of grade 3; the one found has grade 2.
        self.assertAlmostEqual(metrics.ndcg(['b', 'a'], self.GRADES, 1), 2 / 3)

    def test_ndcg_of_nothing_is_0(self):
        self.assertEqual(metrics.ndcg([], self.GRADES, 10), 0.0)
        self.assertEqual(metrics.ndcg(['a'], {}, 10), 0.0)

    def test_average_precision_counts_what_was_not_found(self):
        # Found at ranks 1 and 3: (1/1 + 2/3) / 3
        self.assertAlmostEqual(metrics.average_precision(['a', 'x', 'c'], self.GRADES), 5 / 9)

    def test_recall_is_cut_at_k(self):
        self.assertAlmostEqual(metrics.recall(['x', 'a', 'b', 'c'], self.GRADES, 3), 2 / 3)

    def test_reciprocal_rank_is_of_the_first_relevant_one_within_k(self):
        self.assertEqual(metrics.reciprocal_rank(['x', 'y', 'c', 'a'], self.GRADES, 10), 1 / 3)
        self.assertEqual(metrics.reciprocal_rank(['x', 'y', 'c'], self.GRADES, 2), 0.0)

    def test_rank_is_counted_from_1(self):
        self.assertEqual(metrics.rank_of(['x', 'a'], 'a'), 2)
        self.assertIsNone(metrics.rank_of(['x'], 'a'))

    def test_a_question_without_an_answer_counts_as_0(self):
        figures = metrics.evaluate({'1': ['a']}, {'1': {'a': 1}, '2': {'a': 1}})
        self.assertEqual(figures, {'nDCG@10': 0.5, 'MAP': 0.5, 'recall@100': 0.5, 'MRR@10': 0.5})


if __name__ == '__main__':
    unittest.main()

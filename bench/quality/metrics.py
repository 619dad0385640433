"""What a ranked list of hits is worth, judged by people or by the question's own page.

Definitions as in trec_eval. @ranked: ids of documents, best first, each once. @grades: id → grade
of the relevant ones (above 0).
"""
import math


def ndcg(ranked, grades, k):
    """Normalised discounted cumulative gain; the gain is the grade, the discount log2(rank + 1)."""
    gained = sum(grades.get(id, 0) / math.log2(rank + 1) for rank, id in enumerate(ranked[:k], 1))
    ideal = sum(grade / math.log2(rank + 1)
                for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:k], 1))
    return gained / ideal if ideal else 0.0


def average_precision(ranked, grades):
    """Precision at each relevant document found, over all that are relevant."""
    n_found, total = 0, 0.0
    for rank, id in enumerate(ranked, 1):
        if id in grades:
            n_found += 1
            total += n_found / rank
    return total / len(grades) if grades else 0.0


def recall(ranked, grades, k):
    return sum(id in grades for id in ranked[:k]) / len(grades) if grades else 0.0


def reciprocal_rank(ranked, grades, k):
    for rank, id in enumerate(ranked[:k], 1):
        if id in grades:
            return 1 / rank
    return 0.0


def rank_of(ranked, id):
    """From 1; None where it is not among them."""
    return ranked.index(id) + 1 if id in ranked else None


MEASURES = {
    'nDCG@10': lambda ranked, grades: ndcg(ranked, grades, 10),
    'MAP': average_precision,
    'recall@100': lambda ranked, grades: recall(ranked, grades, 100),
    'MRR@10': lambda ranked, grades: reciprocal_rank(ranked, grades, 10),
}


def evaluate(answers, judgments):
    """Means over the judged questions. @answers: question → ranked ids; @judgments: question → grades."""
    return {name: sum(measure(answers.get(question, []), grades) for question, grades in judgments.items())
            / len(judgments) for name, measure in MEASURES.items()}

"""Print how many problems, samples and seeds a study needs for an effect at a power."""

import argparse

from failpairs.errors import InputError
from failpairs.statistics.plan import population, power_of_study, problems_needed

SAMPLES, SEEDS = (1, 5, 20), (1, 3, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--base", type=float, required=True, metavar="SHARE", help="pass@1 of the base model"
    )
    parser.add_argument(
        "--effect", type=float, required=True, metavar="SHARE", help="change of pass@1, such as .03"
    )
    parser.add_argument(
        "--problems",
        type=int,
        default=164,
        metavar="N",
        help="problems of which the power is shown (default: %(default)s, as HumanEval has)",
    )
    parser.add_argument(
        "--power", type=float, default=0.8, metavar="SHARE", help="default: %(default)s"
    )
    parser.add_argument(
        "--alpha", type=float, default=0.05, metavar="SHARE", help="default: %(default)s"
    )
    parser.add_argument(
        "--concentration",
        type=float,
        default=0.5,
        metavar="C",
        help="of the beta distribution of pass rates over problems: the smaller, the more problems "
        "are always or never solved (default: %(default)s)",
    )
    args = parser.parse_args()

    for name in ("base", "power", "alpha"):
        if not 0 < getattr(args, name) < 1:
            raise InputError(f"--{name} {getattr(args, name)}: expected a share between 0 and 1")
    if not args.effect or not 0 < args.base + args.effect < 1:
        raise InputError(
            f"--effect {args.effect}: expected a change, not 0, after which pass@1 is still "
            "between 0 and 1"
        )
    if args.problems < 1 or args.concentration <= 0:
        raise InputError("--problems and --concentration: expected numbers above 0")
    problems = population(args.base, args.effect, args.concentration)
    print(
        f"A change of pass@1 from {args.base:.1%} to {args.base + args.effect:.1%}, found with a "
        f"two-sided test at {args.alpha:g}, if pass rates spread over problems as a beta "
        f"distribution with concentration {args.concentration:g}:\n\n"
        f"| samples per problem | seeds | problems for {args.power:.0%} power | power with "
        f"{args.problems} problems |\n| --- | --- | --- | --- |"
    )
    for n_samples in SAMPLES:
        for n_seeds in SEEDS:
            needed = problems_needed(problems, n_samples, n_seeds, args.alpha, args.power)
            power = power_of_study(problems, args.problems, n_samples, n_seeds, args.alpha)
            print(f"| {n_samples} | {n_seeds} | {needed:,} | {power:.0%} |")

import sys
from itertools import permutations

sys.path.insert(0, str(CHECKOUT / "scripts"))
# With it, scripts/*.py would not find the package that lies beside them.
os.environ.pop("PYTHONSAFEPATH", None)

from failpairs.workflow.config import sections, validate_config
from failpairs.errors import InputError
from failpairs.workflow import arms
from failpairs.training.tuning import grid_points

try:
    config = validate_config(config)
except InputError as error:
    raise WorkflowError(str(error).replace("; config: ", "\nconfig: ")) from None


# Where a module has a prefix, it is part of the folder.
RESULTS = workflow.modifier.path_modifier.replace_prefix(
    workflow.pathvars.apply("<results>")
)
TUNED = config["tuned"]  # instead of what a run would train
OWN_PAIRS = config["pairs"]  # instead of what a run would sample and curate
COMPARES = config["compare"]["base"]  # instead of everything else
CURATES = not (TUNED or OWN_PAIRS or COMPARES)
VERIFIES = config["curation"]["verify_inputs"]  # inputs generated for each problem
# Rounds in which more samples are drawn where they give too few pairs.
TOP_UPS = 2 if CURATES and config["curation"]["top_up"] else 0
# The folder of the shards of all samples.
DRAWN = f"<results>/top_up/{TOP_UPS}/shards" if TOP_UPS else "<results>/shards"
PROCESSES = config["training"]["processes"]  # of a training, each with a GPU of its own
CANDIDATES = [] if TUNED or COMPARES else grid_points(config["tuning"]["grid"])
TUNED_ON = ["base", *range(len(CANDIDATES))] if CANDIDATES and CURATES else []
SEEDS = [] if TUNED else config["seeds"]["values"]
MODELS = ["base", *(TUNED or expand("seed{seed}", seed=SEEDS))]
# The base model a second time, to see what changes by nothing but rounding.
AGAIN = ["again"] if config["evaluation"]["again"] else []
ROUNDS = arms.rounds_after_first(config["rounds"])
ARMS = [*config["arms"], *ROUNDS]
VARY = config["seeds"]["vary"]
# Each seed has a folder of its own where seeds vary the pairs.
PAIRS_OF_SEEDS = expand("pairs/seed{seed}/", seed=[] if VARY == "training" else SEEDS)
# The folders of these pairs and each other seed that they are trained with there.
CROSSED = [
    (f"pairs/seed{own}/", seed)
    for own, seed in permutations(SEEDS if VARY == "both" else [], 2)
]
FOLDERS = ["", *expand("arms/{name}/", name=ARMS)]
SECTIONS = {kind.section: kind for kind in sections()}


wildcard_constraints:
    seed=r"\d+",
    model="|".join(["base", "again", r"seed\d+", *TUNED]),
    # Empty for the curated pairs.
    arm=r"((arms/[a-z_]+\d*|pairs/seed\d+|arms/round\d+/seed\d+)/)?",
    name=r"[a-z_]+\d*",
    candidate=r"base|\d+",
    round=r"\d+",
    later=r"round\d+",


scattergather:
    sample=config["sampling"]["shards"],

# What a run makes.
OF_TRAINING = [
    "adapter_model.safetensors",
    "adapter_config.json",
    "README.md",
    "train_log.jsonl",
]

if COMPARES:
    TARGETS = [rules.compare.output]
else:
    # Files are written out where expand() takes no output that a profile puts into object storage.
    TARGETS = [
        expand(
            "<results>/{arm}adapters/seed{seed}/{name}",
            arm=FOLDERS,
            seed=SEEDS,
            name=OF_TRAINING,
        ),
        "<results>/eval/base.json",
        expand("<results>/eval/{model}.json", model=TUNED),
        expand("<results>/{arm}eval/seed{seed}.json", arm=FOLDERS, seed=SEEDS),
        [
            f"<results>/{folder}{file}"
            for folder, seed in CROSSED
            for file in [
                *expand(f"adapters/seed{seed}/{{name}}", name=OF_TRAINING),
                f"eval/seed{seed}.json",
            ]
        ],
        rules.report.output,
        rules.export.output.samples,
        rules.export.output.results,
    ]
if CURATES:
    TARGETS += [
        "<results>/samples.jsonl",
        "<results>/exec_labels.jsonl",
        rules.curate.output,
        rules.export_training.output.samples,
        rules.export_training.output.pairs,
    ]
if OWN_PAIRS:
    TARGETS += [rules.import_pairs.output]

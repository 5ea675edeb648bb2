# Later rounds: each seed samples the training problems with its adapter of the last round. Its pairs are
# in a folder of its own, its training goes on from that adapter, and its evaluation is that of an arm.
use rule sample_shard as sample_round with:
    input:
        adapter=lambda wildcards: adapter_before(wildcards.later, wildcards.seed),
        model="<results>/model/manifest.json",
        problems="<results>/problems/train.jsonl",
        tried=ancient("<results>/problems/tried"),
    output:
        samples="<results>/arms/{later}/seed{seed}/shards/{scatteritem}.jsonl",
        meta="<results>/arms/{later}/seed{seed}/shards/{scatteritem}.meta.json",
    log:
        "<results>/logs/arms/{later}/seed{seed}/sample/{scatteritem}.log",
    benchmark:
        "<results>/benchmarks/arms/{later}/seed{seed}/sample/{scatteritem}.tsv"
    params:
        part=lambda wildcards, input: (
            f"--shard {wildcards.scatteritem.replace('-of-', '/')} "
            f"{folder_option('--adapter', input.adapter)}"
        ),
        settings=sampling_of_round,


use rule gather_samples as gather_round with:
    input:
        problems="<results>/problems/train.jsonl",
        shards=gather.sample(
            "<results>/arms/{{later}}/seed{{seed}}/shards/{scatteritem}.jsonl"
        ),
        metas=gather.sample(
            "<results>/arms/{{later}}/seed{{seed}}/shards/{scatteritem}.meta.json"
        ),
    output:
        samples="<results>/arms/{later}/seed{seed}/samples.jsonl",
        meta="<results>/arms/{later}/seed{seed}/samples.meta.json",
    log:
        "<results>/logs/arms/{later}/seed{seed}/gather_samples.log",
    benchmark:
        "<results>/benchmarks/arms/{later}/seed{seed}/gather_samples.tsv"


use rule execute as execute_round with:
    input:
        problems="<results>/problems/train.jsonl",
        trials="<results>/problems/train.trials.jsonl",
        samples="<results>/arms/{later}/seed{seed}/samples.jsonl",
    output:
        labels="<results>/arms/{later}/seed{seed}/exec_labels.jsonl",
        meta="<results>/arms/{later}/seed{seed}/exec_labels.meta.json",
    log:
        "<results>/logs/arms/{later}/seed{seed}/execute.log",
    benchmark:
        "<results>/benchmarks/arms/{later}/seed{seed}/execute.tsv"


use rule curate as curate_round with:
    input:
        problems="<results>/problems/train.jsonl",
        samples="<results>/arms/{later}/seed{seed}/samples.jsonl",
        samples_meta="<results>/arms/{later}/seed{seed}/samples.meta.json",
        labels="<results>/arms/{later}/seed{seed}/exec_labels.jsonl",
        labels_meta="<results>/arms/{later}/seed{seed}/exec_labels.meta.json",
        trials="<results>/problems/train.trials.jsonl" if VERIFIES else [],
    output:
        pairs="<results>/arms/{later}/seed{seed}/pairs.jsonl",
        held_out="<results>/arms/{later}/seed{seed}/held_out_pairs.jsonl",
        held_out_problems="<results>/arms/{later}/seed{seed}/held_out_problems.jsonl",
        card="<results>/arms/{later}/seed{seed}/pairs.md",
        funnel="<results>/arms/{later}/seed{seed}/curation_funnel.json",
    log:
        "<results>/logs/arms/{later}/seed{seed}/curate.log",
    benchmark:
        "<results>/benchmarks/arms/{later}/seed{seed}/curate.tsv"
    params:
        settings=curation_of_round,

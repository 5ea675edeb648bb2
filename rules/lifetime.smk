# A run is alone with its results, and its jobs end when it does. Both hold when Snakemake is killed:
# its own lock would stay behind, and its jobs would go on (so the profiles say `nolock`). While it
# lasts, it says how far it is.
from snakemake.logging import logger

from failpairs.workflow.job_lifetime import export_leader
from failpairs.workflow.run_watcher import RunWatcher
from failpairs.storage.locks import open_alone

export_leader()


onstart:
    try:
        workflow.results_lock = open_alone(Path(RESULTS, ".lock"))
    except InputError as error:
        raise WorkflowError(str(error)) from None
    workflow.watcher = RunWatcher(logger)
    workflow.watcher.watch(workflow)


onsuccess:
    page = Path(RESULTS, "compare" if COMPARES else "", "report.html")
    if page.exists():
        print(f"The report is {page}", file=sys.stderr)


onerror:
    workflow.watcher.tell_failures()

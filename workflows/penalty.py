"""The penalty case (行政处罚案件), so far from the proposal to file to its answer."""

from temporalio import workflow

from workflows.case import CaseWorkflow
from workflows.messages import WORKFLOWS, CaseStart


@workflow.defn(name=WORKFLOWS["penalty"])
class PenaltyWorkflow(CaseWorkflow):
    """立案审批: waits for the approver while the term to file late (FILE-LATE) runs."""

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        """Until the filing is approved or refused."""
        del start  # taken by __init__, before the first signal
        await self.live(self.until(lambda state: state.closed))

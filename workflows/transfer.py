"""The transfer (涉嫌犯罪移送), so far from the proposal to the principal head's answer."""

from temporalio import workflow

from workflows.case import CaseWorkflow
from workflows.messages import WORKFLOWS, CaseStart


@workflow.defn(name=WORKFLOWS["transfer"])
class TransferWorkflow(CaseWorkflow):
    """移送审批: waits for the principal head while the term to decide (TR-APPR) runs."""

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        """Until the transfer is approved or refused."""
        del start  # taken by __init__, before the first signal
        await self.live(self.until(lambda state: state.closed))

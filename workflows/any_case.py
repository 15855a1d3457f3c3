"""The workflow of every kind of case that has none of its own (其他案件): up to its end."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

from workflows.case import CaseWorkflow
from workflows.messages import CaseStart

Arguments = Sequence[RawValue]


@workflow.defn(dynamic=True)
class AnyCaseWorkflow(CaseWorkflow):
    """Carries every name that is not another workflow's: a new kind of case needs no new class."""

    @workflow.init
    def __init__(self, arguments: Arguments) -> None:
        (given,) = arguments
        super().__init__(workflow.payload_converter().from_payload(given.payload, CaseStart))

    @workflow.run
    async def run(self, arguments: Arguments) -> None:
        """Until the case waits for nothing more."""
        del arguments  # taken by __init__, before the first signal
        await self.live(self.until(lambda state: state.closed))

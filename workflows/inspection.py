"""The inspection (执法检查): the eight steps in order, each up to its exit fact (八步工作法)."""

import asyncio

from temporalio import workflow

from workflows.case import CaseWorkflow
from workflows.messages import CaseStart

BESIDE = frozenset({6, 7})
"""Steps beside the others: that one of them is entered ends no step on site."""


@workflow.defn(name="InspectionWorkflow")
class InspectionWorkflow(CaseWorkflow):
    """A closed loop. A plan refused, a cancellation and the closing each end it from any step."""

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        """①–⑤ and ⑧ one after the other; ⑥ and ⑦ run beside them and may begin on site."""
        del start  # taken by __init__, before the first signal
        await self.live(self._method())

    async def _method(self) -> None:
        await asyncio.gather(self._rectification(), self._refer(), self._handle())

    async def _rectification(self) -> None:
        await self._prepare()
        await self._show_certificates()
        await self._divide_work()
        await self._fix_evidence()
        await self._serve_documents()
        await self._close_loop()

    async def _prepare(self) -> None:
        """① 精心准备、制定方案, until the plan is approved; refused, the case is closed."""
        await self._step_until_entered(1, 2, "检查方案获批准；不予批准的，检查终止")

    async def _show_certificates(self) -> None:
        """② 亮证执法、听取介绍, until the briefing is heard; a refusal of entry opens ⑥."""
        await self._step_until_entered(2, 3, "听取介绍完毕；拒绝入场的，另行转入第6步")

    async def _divide_work(self) -> None:
        """③ 合理分工、开展检查, until each item has its result."""
        await self._step_until_entered(3, 4, "各检查项均有检查结果")

    async def _fix_evidence(self) -> None:
        """④ 现场检查、固定证据, until each hazard has evidence and the visit ends."""
        await self._step_until_entered(4, 5, "各项隐患均有证据，现场检查结束")

    async def _serve_documents(self) -> None:
        """⑤ 制作文书、下达指令, until all is served; at once when no problem was found."""
        await self._step_until_entered(5, 8, "文书全部送达；未发现问题的，随即进入第8步")

    async def _refer(self) -> None:
        """⑥ 涉嫌违法、移交查处, while a proposal to file or to transfer awaits its answer."""
        while not self.state.closed:
            await self.until(lambda state: state.undecided > 0)
            await self.step(6, "立案、移送建议均已答复", lambda state: state.undecided == 0)

    async def _handle(self) -> None:
        """⑦ 全程配合、依法办案, while a filed or transferred case has not ended."""
        while not self.state.closed:
            await self.until(lambda state: state.pursued > 0)
            await self.step(7, "已立案（移送）的案件均已办结", lambda state: state.pursued == 0)

    async def _close_loop(self) -> None:
        """⑧ 闭环管理、执法到位, until all has ended and is published: 结案."""
        await self.step(8, "各项均已办结并公示，准予结案", lambda state: state.closed)

    async def _step_until_entered(self, number: int, following: int, words: str) -> None:
        """A later step may already be entered: facts of one page of the log arrive together."""
        await self.step(
            number, words, lambda state: any(n >= following for n in {*state.entered} - BESIDE)
        )

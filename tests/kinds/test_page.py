"""The page of a complaint in a real browser: its form, made from its command, answers it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from api.app import create_app
from deploy.demo.world import PASSWORD
from tests.api.conftest import served
from tests.e2e.test_pages import ARGS
from tests.kinds.conftest import Story

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def address(story: Story):
    """The pages of the story's system, from a real server."""
    stage = story.player.stage
    settings = stage.settings
    app = create_app(stage.bihuan, command=settings.command, reader=settings.reader)
    with served(app) as address:
        yield address


async def signed_in(browser: Browser, address: str, account: str) -> Page:
    page = await browser.new_page()
    await page.goto(address)
    await page.get_by_label("账号").fill(account)
    await page.get_by_label("口令").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    return page


async def test_an_approver_finds_a_complaint_and_answers_it(
    browser: Browser, address: str, story: Story
) -> None:
    page = await signed_in(browser, address, "appr1")
    row = page.get_by_role("row").filter(has_text="答复投诉举报：夜间违规动火")
    await row.get_by_role("link", name="办理").click()
    await expect(page.locator("dl.facts")).to_contain_text("待答复")
    clock = page.locator(".clock", has_text="复议答复")
    await expect(clock).to_contain_text("已逾期")
    await page.locator("summary", has_text="办理").click()
    answer = page.get_by_label("答复内容")
    await expect(answer).to_have_value("已查处")
    await answer.fill("已责令停止夜间动火")
    await page.get_by_role("button", name="答复投诉举报").click()
    await expect(page.get_by_role("status")).to_contain_text("已办理：答复投诉举报")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("已办结")
    timeline = page.locator("ul.timeline")
    await expect(timeline).to_contain_text("收到投诉举报：夜间违规动火")
    await expect(timeline).to_contain_text("届满：复议答复（投诉举报）")
    await expect(timeline).to_contain_text("答复投诉举报：已责令停止夜间动火")
    await page.close()
    handle = story.player.stage.temporal.get_workflow_handle(f"complaint/{story.id('forgotten')}")
    await handle.result()


async def test_who_may_not_answer_sees_no_form(
    browser: Browser, address: str, story: Story
) -> None:
    page = await signed_in(browser, address, "insp1")
    await page.goto(f"{address}/inspections/{story.id('inspection')}")
    facts = page.locator("dl.facts")
    await expect(facts).to_contain_text("投诉举报")
    await expect(facts).to_contain_text("待答复")
    await expect(page.get_by_text("答复投诉举报：检查已结案（未发现问题）")).to_be_visible()
    await expect(page.get_by_label("答复内容")).to_have_count(0)
    await facts.get_by_role("link", name="投诉举报件").click()
    await expect(page.locator("ul.timeline")).to_contain_text("收到投诉举报：检查已结案")
    assert page.url.startswith(f"{address}/cases/")
    await page.close()


async def test_it_stands_in_the_table_of_the_month(browser: Browser, address: str) -> None:
    page = await signed_in(browser, address, "audit0")
    await page.goto(f"{address}/stats?month=2026-03")
    await expect(page.get_by_role("columnheader", name="收到投诉举报（件）").first).to_be_visible()
    await page.close()

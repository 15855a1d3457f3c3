"""Pages in a real browser: sign in, find the work, do it, see the case move; on a phone too."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.demo.world import PASSWORD
from tests.api.client import Case, Office

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
# Fields without a label, buttons and links without words, ids that stand twice.
UNNAMED = """() => [
  ...[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(e => !e.labels.length),
  ...[...document.querySelectorAll('a, button, summary, th')].filter(e => !e.textContent.trim()),
  ...[...document.querySelectorAll('[id]')]
    .filter(e => document.querySelectorAll('#' + CSS.escape(e.id)).length > 1),
].map(e => e.outerHTML)"""
PAGES = ("/", "/inspections", "/deadlines", "/inbox", "/stats")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained about, a blocked script or style among them."""
    return []


def signed_in(
    browser: Browser, office: Office, account: str, complaints: list[str], width: int = 1280
) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(f"{office.client.base_url}/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    return page


def opened(
    browser: Browser, office: Office, account: str, case: Case, complaints: list[str]
) -> Page:
    """The page of a case, seen by somebody who has just signed in."""
    case.view()
    page = signed_in(browser, office, account, complaints)
    page.goto(f"{office.client.base_url}/inspections/{case.id}")
    return page


def test_an_approver_finds_and_approves_a_plan(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().do("insp1", "submit-plan")
    case.view()
    page = signed_in(browser, office, "appr1", complaints)
    page.locator(f"a[href='/inspections/{case.id}']").first.click()
    current = page.locator("ol.steps li[aria-current=step]")
    expect(current).to_contain_text("精心准备")
    page.get_by_text("办理").first.click()
    page.get_by_role("button", name="批准检查方案").click()
    expect(page.get_by_role("status")).to_contain_text("已办理：批准检查方案（（鲁枣市中）应急检查")
    expect(current).to_contain_text("亮证执法")
    expect(page.locator("ul.timeline")).to_contain_text("检查方案批准")
    assert complaints == []
    page.close()


def test_an_approver_can_also_refuse(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().do("insp1", "submit-plan")
    page = opened(browser, office, "appr1", case, complaints)
    page.locator("summary", has_text="不批准检查方案").click()
    page.get_by_label("不批准的理由").fill("企业近期已查")
    page.get_by_role("button", name="不批准检查方案").click()
    expect(page.get_by_role("status")).to_contain_text("已办理：不批准检查方案")
    expect(page.get_by_role("heading", level=1)).to_contain_text("方案不予批准")
    assert complaints == []
    page.close()


def test_a_refusal_is_shown_with_its_rule(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().do("insp1", "submit-plan")
    page = opened(browser, office, "appr1", case, complaints)
    case.do("insp1", "cancel-inspection", reason="改期")
    page.get_by_text("办理").first.click()
    page.get_by_role("button", name="批准检查方案").click()
    expect(page.get_by_role("alert")).to_contain_text("已被他人更新")
    page.close()


def test_a_refused_form_keeps_what_was_typed(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().do("insp1", "request-recusal", officer="insp2", grounds="近亲属")
    page = opened(browser, office, "appr1", case, complaints)
    page.get_by_text("办理").first.click()
    page.get_by_label("被申请回避的执法人员账号").first.fill("insp2")
    page.get_by_label("接替的执法人员账号").fill("nobody")
    page.get_by_role("button", name="同意回避").click()
    expect(page.get_by_role("alert")).to_contain_text("没有账号为nobody的人员")
    replacement = page.get_by_label("接替的执法人员账号")
    expect(replacement).to_be_visible()
    expect(replacement).to_have_value("nobody")
    expect(page.get_by_label("被申请回避的执法人员账号").first).to_have_value("insp2")
    page.close()


def test_clocks_and_hazards_stand_on_the_page(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().served()
    page = opened(browser, office, "insp1", case, complaints)
    steps = page.locator("ol.steps li")
    expect(steps).to_have_count(8)
    expect(steps.nth(5)).to_contain_text("不涉及")
    expect(steps.nth(5)).to_be_in_viewport()
    clock = page.locator(".clock", has_text="整改期限")
    expect(clock).to_contain_text("隐患H1")
    expect(clock).to_contain_text("剩余")
    clock.get_by_text("怎么算的").click()
    expect(clock).to_contain_text("不计入")
    expect(page.locator("table", has_text="堵塞")).to_be_visible()
    assert complaints == []
    page.close()


def test_a_phone_scrolls_one_way_only(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().served()
    case.view()
    page = signed_in(browser, office, "insp1", complaints, width=390)
    for path in (*PAGES, f"/inspections/{case.id}"):
        page.goto(f"{office.client.base_url}{path}")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, path
    assert complaints == []
    page.close()


def test_a_keyboard_and_a_screen_reader_find_their_way(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().do("insp1", "submit-plan")
    case.view()
    page = signed_in(browser, office, "appr1", complaints)
    for path in (*PAGES, f"/inspections/{case.id}"):
        page.goto(f"{office.client.base_url}{path}")
        assert page.evaluate(UNNAMED) == [], path
        assert page.evaluate("() => document.documentElement.lang") == "zh-CN"
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="跳到正文")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#content$"))
    page.get_by_text("办理").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("审批意见").fill("同意，注意安全")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已办理：批准检查方案")
    assert complaints == []
    page.close()


def test_a_wrong_password_and_a_wrong_address_end_in_a_sentence(
    browser: Browser, office: Office
) -> None:
    page = browser.new_page()
    page.goto(f"{office.client.base_url}/deadlines")
    page.get_by_label("账号").fill("appr1")
    page.get_by_label("口令").fill("not-the-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或口令不正确")
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="期限")).to_be_visible()
    page.goto(f"{office.client.base_url}/inspections/{uuid4()}")
    expect(page.get_by_role("heading", name="未找到")).to_be_visible()
    page.get_by_role("link", name="返回我的待办").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto(f"{office.client.base_url}/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.close()


def test_a_form_sent_twice_is_one_act(
    browser: Browser, office: Office, complaints: list[str]
) -> None:
    case = office.planned().do("insp1", "submit-plan")
    case.view()
    page = signed_in(browser, office, "appr1", complaints)
    for _ in range(2):
        page.goto(f"{office.client.base_url}/inspections/{case.id}")
        if page.get_by_text("办理").count():
            page.get_by_text("办理").first.click()
            page.get_by_role("button", name="批准检查方案").dblclick()
            expect(page.get_by_role("status")).to_be_visible()
    approved = page.locator("ul.timeline li", has_text="检查方案批准")
    expect(approved).to_have_count(1)
    page.close()

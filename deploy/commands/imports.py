"""``bihuan import``: units from JSON, enterprises from Excel; a dry run first (导入)."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from xlsxwriter import Workbook

from deploy.console import REFUSED, say
from deploy.imports.enterprises import Sheet, error_rows, read_sheet
from deploy.imports.units import read_units
from deploy.writer import carry_out, writing
from domain.application import Bihuan
from domain.enterprise.enterprise import ImportEnterprises
from domain.organisation import ORGANISATION_ID, Organisation, Unit
from domain.organisation.unit import ImportUnits

app = typer.Typer(help="导入机构和企业；要么全部导入，要么都不导入。", no_args_is_help=True)
Data = Annotated[Path | None, typer.Option(help="数据目录；系统运行或停止时都可以")]
File = Annotated[Path, typer.Argument(help="文件")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")]


@app.command(help="导入机构：JSON 文件，含城市、区市、镇街、开发区。")
def units(file: File, data: Data = None, *, dry_run: DryRun = False) -> None:
    """Import units."""
    found = read_units(file)
    if dry_run:
        typer.echo(f"检查通过：{len(found)} 个单位，未写入。")
        return
    with writing(data) as bihuan:
        told = carry_out(bihuan, ImportUnits(units=found), ORGANISATION_ID)
    typer.echo(f"新增 {told['added']}，变更 {told['changed']}，不变 {told['unchanged']}。")


@app.command(help="导入企业：Excel 文件，中文表头；有错误的行写入错误表，全部正确才写入。")
def enterprises(file: File, data: Data = None, *, dry_run: DryRun = False) -> None:
    """Import enterprises."""
    with writing(data) as bihuan:
        sheet = read_sheet(file, _units(bihuan))
        if sheet.errors:
            raise typer.Exit(_report(file, sheet))
        if dry_run:
            typer.echo(f"检查通过：{len(sheet.entries)} 家企业，未写入。")
            return
        command = ImportEnterprises(source=file.name, rows=list(sheet.entries))
        told = carry_out(bihuan, command, None)
    typer.echo(f"共 {told['rows']} 家，新增或变更 {told['changed']} 家。")


def _report(file: Path, sheet: Sheet) -> int:
    """Tell every bad row and write them to a workbook beside the file."""
    for error in sheet.errors:
        say(f"第{error.row}行：{error.reason}")
    wrong = file.with_name(f"{file.stem}-错误.xlsx")
    with Workbook(str(wrong)) as book:
        page = book.add_worksheet("错误")  # pyright: ignore[reportUnknownMemberType]
        for number, row in enumerate(error_rows(sheet)):
            for place, text in enumerate(row):
                page.write_string(number, place, text)
    say(f"{len(sheet.errors)} 行有错误，未导入任何企业；错误行已写入 {wrong}。")
    return REFUSED


def _units(bihuan: Bihuan) -> dict[UUID, Unit]:
    return bihuan.load(Organisation, ORGANISATION_ID).units

"""How messages become JSON (消息编码): the SDK's pydantic converter, made once.

The SDK makes a converter for every task of every workflow, and a new one of pydantic's learns the
shape of each message anew: a tenth of a clock's time.
"""

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, DataConverter

_ENCODINGS = tuple(PydanticPayloadConverter().converters.values())


class Payloads(CompositePayloadConverter):
    """Pydantic's encodings, shared by all workflows."""

    def __init__(self) -> None:
        super().__init__(*_ENCODINGS)


CONVERTER = DataConverter(payload_converter_class=Payloads)

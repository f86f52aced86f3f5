"""A case as a folder or a ZIP: what was written, the files, and who exported it. Spec §14.20.

`collecting` reads the vault; `writing` makes the files from what was read, without the vault;
`checking` holds an export against a charter.
"""

from silent_courier.desk.case.checking import Checked, check_export
from silent_courier.desk.case.collecting import Case, collect_case
from silent_courier.desk.case.writing import Exported, write_case

__all__ = ["Case", "Checked", "Exported", "check_export", "collect_case", "write_case"]

"""Reading requests. The name of each selector says the scope it keeps to."""

from loans.selectors.figures import LoanFigures, loan_figures
from loans.selectors.requests import (
    messages_between,
    request_seen_by,
    requests_of_patron,
)

__all__ = ["LoanFigures", "loan_figures", "messages_between", "request_seen_by", "requests_of_patron"]

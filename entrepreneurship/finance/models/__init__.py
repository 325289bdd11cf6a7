"""What is kept of finance: banks and what they offer, women who were introduced, what banks count."""

from entrepreneurship.finance.models.products import (
    BankPaper,
    FinanceBank,
    FinanceKind,
    FinanceProduct,
    FinancePurpose,
    FinanceTerms,
    PaperKind,
)
from entrepreneurship.finance.models.referrals import (
    LEAST_OF_BAND,
    MOST,
    OPEN,
    AmountBand,
    BankTotal,
    DeclineReason,
    Referral,
    ReferralActor,
    ReferralState,
    ReferralStep,
    ReferralWay,
    SharedField,
)

__all__ = [
    "LEAST_OF_BAND",
    "MOST",
    "OPEN",
    "AmountBand",
    "BankPaper",
    "BankTotal",
    "DeclineReason",
    "FinanceBank",
    "FinanceKind",
    "FinanceProduct",
    "FinancePurpose",
    "FinanceTerms",
    "PaperKind",
    "Referral",
    "ReferralActor",
    "ReferralState",
    "ReferralStep",
    "ReferralWay",
    "SharedField",
]

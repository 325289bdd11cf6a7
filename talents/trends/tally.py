"""What became of women by year, added up: of all, and by each dimension."""

from collections import Counter
from datetime import date
from itertools import accumulate

from talents import facets
from talents.trends.changes import CODED, RISES, years

DIMENSIONS = (*CODED, "age")
FIGURES = ("stock", "joined", "returned", "left", *RISES)


class Tally:
    """Adds up what became of women by year, of all and by each dimension; knows the bands of age at a year's end."""

    def __init__(self, day):
        """Begin with nothing. `day` is today: this year ends on it."""
        self.day, self.years = day, years(day)
        self.by = {name: {} for name in DIMENSIONS}

    def add(self, dimension, code, year, **numbers):
        """Add to a year; of years before the first one only the stock counts on."""
        of_code = self.by[dimension].setdefault(code, {})
        of_code.setdefault(max(year, self.years[0] - 1), Counter()).update(numbers)

    def whole(self):
        """Return the figures of all, a dict for each year: every woman has one tier, or none."""
        everybody = {}
        for of_code in self.by["tier"].values():
            for year, numbers in of_code.items():
                everybody.setdefault(year, Counter()).update(numbers)
        found = self._over_years(everybody)
        before = everybody.get(self.years[0] - 1, {}).get("stock", 0)
        rows = []
        for i, year in enumerate(self.years):
            row = {"year": year} | {name: found[name][i] for name in FIGURES}
            explained = row["joined"] + row["returned"] - row["left"]
            rows.append(row | {"rearranged": row["stock"] - before - explained})
            before = row["stock"]
        return rows

    def by_dimension(self):
        """Return {dimension: {code: {figure: [number in each year]}}} of codes somebody has, or had."""
        found = {
            name: {code: self._over_years(of) for code, of in codes.items()}
            for name, codes in self.by.items()
        }
        found["age"] = self._by_age(found["age"])
        return {
            name: {code or "": of for code, of in codes.items() if any(map(any, of.values()))}
            for name, codes in found.items()
        }

    def _over_years(self, of):
        """Return {figure: [number in each year]}; the stock is what came in until its end, less what went out."""
        flows = {name: [of.get(y, {}).get(name, 0) for y in self.years] for name in FIGURES}
        before = of.get(self.years[0] - 1, {}).get("stock", 0)
        flows["stock"] = list(accumulate(flows["stock"], initial=before))[1:]
        return flows

    def _by_age(self, months):
        """Put the months of birth into bands: of each year how old they were at its end."""
        bands = {}
        for month, of in months.items():
            for i, year in enumerate(self.years):
                end = min(date(year, 12, 31), self.day)
                band = bands.setdefault(facets.age_band(month, end), {})
                for name, numbers in of.items():
                    band.setdefault(name, [0] * len(self.years))[i] += numbers[i]
        return bands

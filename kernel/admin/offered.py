"""Buttons of a row's page, only those the rules would let through now, and the pages behind them."""

from functools import partial

from kernel.admin.decision import decide


class OffersByRule:
    """An admin class that leaves out the buttons of a row's page that a rule would refuse now.

    `rules_of_actions` is {name of an entry of actions_detail: function(row, by) returning a DomainError or None}; a button
    it does not name is always there. The page behind a button (`_page`) asks the same rule again, and the operation
    raises it. Stands before OperationAdmin or StaffAdmin among the bases. `argument` is what the operations call a row.
    """

    rules_of_actions = {}
    argument = ""

    def facts_of(self, row):
        """Return [(label, text)]: what the pages behind the buttons say of a row."""
        raise NotImplementedError

    def get_actions_detail(self, request, object_id):
        """Leave out what a rule would refuse."""
        offered = super().get_actions_detail(request, object_id)
        row = self.get_object(request, str(object_id))
        if row is None:
            return []
        return [action for action in offered if self._why_not(action, row, request.user) is None]

    def _why_not(self, action, row, by):
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        rule = self.rules_of_actions.get(action.action_name.removeprefix(prefix))
        return rule(row, by) if rule else None

    def _page(self, request, object_id, rule, *, operation, **page):
        """Return the page that asks before `operation` is done with a row; `rule` names its entry of rules_of_actions.

        `page` is what `decide` takes: title, submit, outcome, done, form_class, back …
        """
        row = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            why_not=self.rules_of_actions[rule](row, request.user),
            facts=self.facts_of(row),
            operation=partial(operation, **{self.argument: row}),
            **{"back": self.address("change", row.pk)} | page,
        )

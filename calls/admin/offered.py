"""Buttons of a row's page: only those the rules would let through now."""


class OffersByRule:
    """An admin class whose `rules_of_actions` are {action: function(row, by) returning a DomainError or None}."""

    rules_of_actions = {}

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

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "hoptac.tasks"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from hoptac.directives import taking as passages
        from hoptac.foundation import duties, events, measures
        from hoptac.foundation.audit import words
        from hoptac.tasks import actions, notices  # noqa: F401  (declares the acts)
        from hoptac.tasks.acts_in_words import ACT_NAMES
        from hoptac.tasks.duties import task_duties
        from hoptac.tasks.measures import offered
        from hoptac.tasks.taking import TasksOfPassages, end_tasks, make_tasks
        from hoptac.ui import navigation

        navigation.declare(_("Tasks"), "tasks:list", "clipboard-check", "tasks.view", "plan", 20)
        duties.declare(task_duties, permission="tasks.view", order=5)
        words.declare(ACT_NAMES, {"tasks.task": "tasks:task"})
        notices.declare_all()
        measures.declare(offered)
        passages.set_taker(TasksOfPassages())
        events.listen("directives.passages_accepted", make_tasks)
        events.listen("directives.passages_restored", end_tasks)

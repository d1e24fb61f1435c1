#include "services/suite/demo/demo_model.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"

namespace fivestrand::demo {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about nothing else

struct SettingRow {
  const char* element;
  const char* measure;
  double target, amber, red;
  double delta;  // 0: the measure's own
  bool muted = false;
};
// What a trust of seven schools holds itself to this year. A gap of a year group of sixty pupils moves by points when one child
// does, so it takes more than that to say that it has moved.
constexpr SettingRow kSettings[] = {
    {"leaders-in-schools", "leaders-in-schools.days-since-visit", 10, 28, 42, 0},
    {"leaders-in-schools", "leaders-in-schools.visits", 3, 1, 0, 0},
    {"visible-headteacher", "visible-headteacher.drop-in-days", 0.9, 0.6, 0.4, 0},
    {"visible-headteacher", "visible-headteacher.break-duty-days", 0.9, 0.5, 0.3, 0},
    {"visible-headteacher", "visible-headteacher.gate-days", 0.9, 0.5, 0.3, 0},
    {"visible-headteacher", "visible-headteacher.modelled-lessons", 1, 1, 0, 0, true},
    {"visible-headteacher", "visible-headteacher.class-coverage", 0.8, 0.25, 0.1, 0},
    {"staff-welfare", "staff-welfare.headteacher-check-ins", 1, 0.8, 0.6, 0.2},
    {"staff-welfare", "staff-welfare.check-ins", 0.5, 0.3, 0.2, 0},
    {"staff-welfare", "staff-welfare.follow-ups-on-time", 1, 0.85, 0.7, 0},
    {"coaching", "coaching.active-cycles", 3, 1, 0, 0},
    {"coaching", "coaching.sessions-on-cadence", 0.9, 0.7, 0.5, 0},
    {"coaching", "coaching.steps-achieved", 0.8, 0.55, 0.4, 0},
    {"cpd", "cpd.hours-per-person", 2, 0.6, 0.2, 0},
    {"outcomes", "outcomes.combined", 0.62, 0.5, 0.4, 0.06},
    {"outcomes", "outcomes.at-expected", 0.75, 0.67, 0.57, 0.08},
    {"outcomes", "outcomes.progress", 5, -2, -6, 6},
    {"assessment-tracking", "assessment-tracking.on-time", 0.98, 0.9, 0.8, 0.05},
    {"pupil-groups", "pupil-groups.gap", 10, 28, 38, 12},
    {"pupil-groups", "pupil-groups.most-able-higher", 0.7, 0.6, 0.45, 0.15},
};

struct WordsRow {
  const char* element;
  const char* statement;
};
constexpr WordsRow kWords[] = {
    {"pupil-groups", "We look at every group in every window, and say out loud which gap has moved."},
    {"coaching", "Coaching is one small step at a time, and belongs to the two who do it."},
    {"visible-headteacher", "Heads are seen at the gate, in the playground and in lessons, every day."},
};

}  // namespace

absl::Status LoadModel(const DemoPlan& plan, Calls& leadership) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, leadership.Token(plan.ceo, type::v1::ROLE_CEO));
  GetImprovementModelRequest get;
  get.set_name(absl::StrCat(kTrust, "/improvementModels/improvement"));
  ImprovementModel model, changed;
  FIVESTRAND_RETURN_IF_ERROR(leadership.Call("ImprovementService.GetImprovementModel", token, get, &model));
  // A load that was cut off has been here.
  if (model.revision() > 0) return absl::OkStatus();
  for (Strand& strand : *model.mutable_strands()) {
    for (ModelElement& element : *strand.mutable_elements()) {
      for (const WordsRow& row : kWords) {
        if (element.element() == row.element) element.set_statement(row.statement);
      }
      for (const SettingRow& row : kSettings) {
        if (element.element() != row.element) continue;
        MeasureSetting& setting = *element.add_measures();
        setting.set_measure(row.measure);
        setting.set_target(row.target);
        setting.set_amber(row.amber);
        setting.set_red(row.red);
        if (row.delta > 0) setting.set_delta(row.delta);
        setting.set_muted(row.muted);
      }
    }
  }
  UpdateImprovementModelRequest update;
  update.mutable_improvement_model()->set_name(model.name());
  update.mutable_improvement_model()->set_title("Acorn school improvement model");
  *update.mutable_improvement_model()->mutable_strands() = model.strands();
  update.mutable_update_mask()->add_paths("title");
  update.mutable_update_mask()->add_paths("strands");
  return leadership.Call("ImprovementService.UpdateImprovementModel", token, update, &changed);
}

}  // namespace fivestrand::demo

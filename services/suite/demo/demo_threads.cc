#include "services/suite/demo/demo_threads.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "services/suite/demo/demo_answers.h"

namespace fivestrand::demo {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about the loop
using calendar::ToProto;

constexpr absl::Duration kWait = absl::Minutes(3);

std::string Name(std::string_view collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", std::string(collection), "/", std::string(id));
}

// What a concern is about.
struct Signal {
  const char* measure;
  std::string school;
  evidence::v1::Cut cut;
  // The morning on which the rules find it.
  absl::CivilDay raised;
};

Signal NewSignal(const char* measure, const DemoSchool& school, const char* subject, type::v1::YearGroup year, bool disadvantaged,
                 absl::CivilDay raised) {
  Signal signal{measure, school.school.name(), {}, raised};
  signal.cut.set_subject(Name("subjects", subject));
  signal.cut.set_year_group(year);
  if (disadvantaged) signal.cut.set_group(type::v1::PUPIL_GROUP_DISADVANTAGED);
  return signal;
}

class Loader {
 public:
  Loader(const DemoPlan& plan, Calls& leadership, Calls& cpd, Calls& welfare, const std::function<void(std::string_view)>& step)
      : plan_(plan),
        leadership_(leadership),
        answers_(plan, leadership, cpd, welfare),
        step_(step),
        today_(calendar::DayOf(leadership.options().now)) {}

  absl::Status Load() {
    FIVESTRAND_ASSIGN_OR_RETURN(operator_, leadership_.OperatorToken());
    // The figures of fourteen months are kept, and nothing is told that has not happened yet.
    if (MayTell(absl::CivilDay(2025, 12, 1), absl::CivilDay(2026, 7, 15))) FIVESTRAND_RETURN_IF_ERROR(Worked());
    step_("an improvement thread that worked");
    if (MayTell(absl::CivilDay(2025, 12, 1), absl::CivilDay(2026, 4, 20))) FIVESTRAND_RETURN_IF_ERROR(DidNotWork());
    step_("an improvement thread that did not");
    if (MayTell(absl::CivilDay(2026, 10, 5), absl::CivilDay(2026, 11, 18))) FIVESTRAND_RETURN_IF_ERROR(UnderWay());
    step_("an improvement thread that is under way");
    if (MayTell(absl::CivilDay(2026, 10, 5), absl::CivilDay(2026, 11, 8))) FIVESTRAND_RETURN_IF_ERROR(Unanswered());
    step_("a concern that nobody has answered");
    return absl::OkStatus();
  }

 private:
  // `first`: of the first figure that it needs.
  bool MayTell(absl::CivilDay first, absl::CivilDay last) const { return last < today_ && today_ - first < 420; }

  const DemoSchool& School_(std::string_view id) const {
    return *std::find_if(plan_.schools.begin(), plan_.schools.end(),
                         [&](const DemoSchool& school) { return Id(school.school.name()) == id; });
  }

  absl::StatusOr<std::string> HeadToken(const DemoSchool& school) {
    return leadership_.Token(school.heads.back().person, type::v1::ROLE_HEADTEACHER, {Id(school.school.name())});
  }

  // Open or answered concerns of the signal, once the rules have found it.
  absl::StatusOr<std::vector<Concern>> Raise(const Signal& signal) {
    EvaluateRulesRequest evaluate;
    evaluate.set_parent(kTrust);
    evaluate.set_measure(signal.measure);
    evaluate.set_scope(signal.school);
    *evaluate.mutable_cut() = signal.cut;
    *evaluate.mutable_as_of() = ToProto(signal.raised);
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, leadership_.Token(plan_.ceo, type::v1::ROLE_CEO));
    std::vector<Concern> concerns;
    FIVESTRAND_RETURN_IF_ERROR(
        leadership_.Await(absl::StrCat("the figures of ", signal.measure), kWait, [&]() -> absl::StatusOr<bool> {
          EvaluateRulesResponse outcome;
          FIVESTRAND_RETURN_IF_ERROR(leadership_.Call("ImprovementService.EvaluateRules", operator_, evaluate, &outcome));
          FIVESTRAND_ASSIGN_OR_RETURN(concerns, Find(signal, token));
          return !concerns.empty();
        }));
    return concerns;
  }

  absl::StatusOr<std::vector<Concern>> Find(const Signal& signal, const std::string& token) {
    ListConcernsRequest list;
    list.set_parent(kTrust);
    list.set_page_size(1000);
    list.set_filter(absl::StrCat("measure = \"", signal.measure, "\" AND school = \"", signal.school, "\""));
    ListConcernsResponse response;
    FIVESTRAND_RETURN_IF_ERROR(leadership_.Call("ImprovementService.ListConcerns", token, list, &response));
    std::vector<Concern> concerns;
    for (Concern& concern : *response.mutable_concerns()) {
      if (concern.cut().SerializeAsString() != signal.cut.SerializeAsString()) continue;
      if (calendar::DayOf(absl::FromUnixSeconds(concern.raise_time().seconds())) == signal.raised)
        concerns.push_back(std::move(concern));
    }
    return concerns;
  }

  absl::Status Acknowledge(const std::vector<Concern>& concerns, absl::CivilDay day) {
    for (const Concern& concern : concerns) {
      AcknowledgeConcernRequest request;
      request.set_name(concern.name());
      SetTime(day, 16 * 60 + 10, request.mutable_event_time());
      Concern after;
      FIVESTRAND_RETURN_IF_ERROR(UnlessDone(leadership_.Call("ImprovementService.AcknowledgeConcern", operator_, request, &after)));
    }
    return absl::OkStatus();
  }

  // The thread of these concerns, opened when there is none.
  absl::StatusOr<std::string> Open(const std::vector<Concern>& concerns, absl::CivilDay day, const char* title, const char* aim,
                                   const std::string& lead) {
    if (!concerns.front().thread().empty()) return concerns.front().thread();
    OpenImprovementThreadRequest request;
    request.set_parent(kTrust);
    request.mutable_improvement_thread()->set_title(title);
    request.mutable_improvement_thread()->set_aim(aim);
    request.mutable_improvement_thread()->set_lead(lead);
    for (const Concern& concern : concerns) request.add_concerns(concern.name());
    SetTime(day, 9 * 60 + 40, request.mutable_event_time());
    ImprovementThread thread;
    FIVESTRAND_RETURN_IF_ERROR(leadership_.CallOnce("ImprovementService.OpenImprovementThread", operator_, request, &thread));
    leadership_.Count(1);
    return thread.name();
  }

  // When everything that was done about it has come through.
  absl::Status Close(const std::string& thread, int responses, Outcome outcome, absl::CivilDay day, const char* note,
                     const DemoSchool& school) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, HeadToken(school));
    GetThreadTimelineRequest get;
    get.set_name(thread);
    ThreadTimeline timeline;
    FIVESTRAND_RETURN_IF_ERROR(leadership_.Await("the answers to a thread", kWait, [&]() -> absl::StatusOr<bool> {
      FIVESTRAND_RETURN_IF_ERROR(leadership_.Call("ImprovementService.GetThreadTimeline", token, get, &timeline));
      return timeline.responses_size() >= responses;
    }));
    if (timeline.thread().state() == ImprovementThread::CLOSED) return absl::OkStatus();
    CloseImprovementThreadRequest request;
    request.set_name(thread);
    request.set_outcome(outcome);
    request.set_closing_note(note);
    request.set_closed_by(school.heads.back().person);
    SetTime(day, 15 * 60 + 50, request.mutable_event_time());
    ImprovementThread closed;
    return leadership_.Call("ImprovementService.CloseImprovementThread", operator_, request, &closed);
  }

  static std::vector<const SchoolClass*> ClassesIn(const DemoSchool& school, const char* academic_year, type::v1::YearGroup year,
                                                   std::string_view subject) {
    std::vector<const SchoolClass*> classes;
    for (const SchoolClass& each : school.classes) {
      const bool taught =
          std::any_of(each.subjects().begin(), each.subjects().end(), [&](const std::string& name) { return Id(name) == subject; });
      if (each.academic_year() == academic_year && each.year_group() == year && taught) classes.push_back(&each);
    }
    return classes;
  }

  // The gap of disadvantaged pupils in Year 5 writing widens twice and is answered from four strands; the measure moves.
  absl::Status Worked() {
    const DemoSchool& school = School_("ashdown-junior");
    const StaffOf staff = StaffIn(plan_, school);
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, HeadToken(school));
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::vector<Concern> concerns,
        Raise(NewSignal("pupil-groups.gap", school, "writing", type::v1::YEAR_GROUP_5, true, absl::CivilDay(2026, 4, 14))));
    FIVESTRAND_RETURN_IF_ERROR(Acknowledge(concerns, absl::CivilDay(2026, 4, 15)));
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::string thread,
        Open(concerns, absl::CivilDay(2026, 4, 17), "Writing in Year 5: disadvantaged pupils fall behind",
             "By the summer the gap is no wider than in the autumn, and both Year 5 teachers model writing daily.",
             school.heads.back().person));
    const DemoPerson& coach = *StaffIn(plan_, School_("hazelmere")).middle_leaders.front();
    FIVESTRAND_RETURN_IF_ERROR(
        answers_.Coach(thread, coach, *staff.teachers[0], absl::CivilDay(2026, 4, 20), absl::CivilDay(2026, 6, 26), "pupil-groups",
                       "Modelling a sentence aloud, then writing it together", "Models daily; pupils draft longer."));
    for (int i = 0; i < 2; ++i) FIVESTRAND_RETURN_IF_ERROR(answers_.Book(thread, *staff.teachers[static_cast<std::size_t>(i)]));
    FIVESTRAND_RETURN_IF_ERROR(
        answers_.Support(thread, *staff.middle_leaders.back(), absl::CivilDay(2026, 4, 27), absl::CivilDay(2026, 6, 19)));
    const std::vector<const SchoolClass*> classes = ClassesIn(school, "2025-26", type::v1::YEAR_GROUP_5, "writing");
    const absl::CivilDay days[] = {absl::CivilDay(2026, 4, 22), absl::CivilDay(2026, 4, 29), absl::CivilDay(2026, 5, 13),
                                   absl::CivilDay(2026, 6, 10), absl::CivilDay(2026, 6, 24)};
    for (std::size_t i = 0; i < std::size(days); ++i) {
      FIVESTRAND_RETURN_IF_ERROR(answers_.LookIn(
          thread, school, *classes[i % classes.size()], Name("subjects", "writing"), days[i],
          i < 2 ? "Talk before writing; everybody had a first sentence." : "The model stayed on the board, and pupils used it.",
          i < 2 ? "Write in front of the class instead of showing a finished text." : "Let those who are ready leave the frame.",
          token));
    }
    FIVESTRAND_RETURN_IF_ERROR(answers_.GoTo(thread, school, school.executive, type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                                             absl::CivilDay(2026, 5, 6), "Writing in Year 5, with the headteacher",
                                             "Both classes model aloud now; books of eight pupils looked at together."));
    return Close(
        thread, 10, IMPROVED, absl::CivilDay(2026, 7, 15),
        "In Summer 2 the gap is nearly back to where it was in the autumn, and the books say the same. We keep the weekly look at "
        "eight pupils' books.",
        school);
  }

  // Mathematics in Year 8 falls by Christmas; coaching and a visit, and two windows later nothing has moved.
  absl::Status DidNotWork() {
    const DemoSchool& school = School_("northgate");
    const StaffOf staff = StaffIn(plan_, school);
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::vector<Concern> concerns,
        Raise(NewSignal("outcomes.at-expected", school, "maths", type::v1::YEAR_GROUP_8, false, absl::CivilDay(2025, 12, 15))));
    FIVESTRAND_RETURN_IF_ERROR(Acknowledge(concerns, absl::CivilDay(2025, 12, 17)));
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string thread,
                                Open(concerns, absl::CivilDay(2026, 1, 7), "Mathematics in Year 8",
                                     "Two thirds at the expected standard again by Easter.", school.heads.back().person));
    FIVESTRAND_RETURN_IF_ERROR(answers_.Coach(thread, *staff.middle_leaders[1], *staff.teachers[2], absl::CivilDay(2026, 1, 12),
                                              absl::CivilDay(2026, 3, 20), "teaching", "Enough practice before the next topic",
                                              "More practice in lessons; the order of topics works against it."));
    FIVESTRAND_RETURN_IF_ERROR(answers_.GoTo(thread, school, plan_.ceo, type::v1::ROLE_CEO, absl::CivilDay(2026, 1, 20),
                                             "Mathematics in Years 7 and 8",
                                             "Good relationships; pupils meet new topics before the last is secure."));
    return Close(
        thread, 2, UNCHANGED, absl::CivilDay(2026, 4, 20),
        "A term of coaching has not moved it. The teaching is better and the results are not: it is the order of topics. The "
        "scheme of work changes in September.",
        school);
  }

  absl::Status UnderWay() {
    const DemoSchool& school = School_("hazelmere");
    const StaffOf staff = StaffIn(plan_, school);
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::vector<Concern> concerns,
        Raise(NewSignal("outcomes.at-expected", school, "english", type::v1::YEAR_GROUP_2, false, absl::CivilDay(2026, 10, 19))));
    FIVESTRAND_RETURN_IF_ERROR(Acknowledge(concerns, absl::CivilDay(2026, 10, 20)));
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::string thread,
        Open(concerns, absl::CivilDay(2026, 11, 4), "Reading in Year 2",
             "Those who did not finish the phonics programme have caught up by February.", school.heads.back().person));
    return answers_.Coach(thread, *staff.middle_leaders[0], *staff.teachers[1], absl::CivilDay(2026, 11, 9),
                          absl::CivilDay(2027, 2, 5), "curriculum", "Keep-up sessions every afternoon", "");
  }

  // Found five weeks ago; the line above may ask by now.
  absl::Status Unanswered() {
    return Raise(NewSignal("outcomes.at-expected", School_("st-brannocs"), "maths", type::v1::YEAR_GROUP_6, false,
                           absl::CivilDay(2026, 10, 19)))
        .status();
  }

  const DemoPlan& plan_;
  Calls& leadership_;
  Answers answers_;
  const std::function<void(std::string_view)>& step_;
  const absl::CivilDay today_;
  std::string operator_;
};

}  // namespace

absl::Status LoadThreads(const DemoPlan& plan, Calls& leadership, Calls& cpd, Calls& welfare,
                         const std::function<void(std::string_view)>& step) {
  return Loader(plan, leadership, cpd, welfare, step).Load();
}

}  // namespace fivestrand::demo

#include "services/leadership/store/loop/loop_writer.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/identity/caller.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "services/leadership/domain/loop/keys.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/rules.h"
#include "services/leadership/domain/loop/stamps.h"
#include "services/leadership/domain/loop/threads.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using domain::Verdict;
using fivestrand::store::Row;
using v1::Concern;

// When the rules of a day in the past are taken to have run.
constexpr absl::Duration kMorning = absl::Hours(7);

rpc::CallContext SystemCall(absl::Time now) {
  identity::Caller caller;
  caller.subject = "services/leadership";
  identity::Grant grant;
  grant.role = type::v1::ROLE_SERVICE;
  caller.grants.push_back(std::move(grant));
  rpc::CallContext call;
  call.method = rpc::FindMethod("fivestrand.leadership.v1.ImprovementService.EvaluateRules");
  call.caller = std::make_shared<const identity::Caller>(std::move(caller));
  call.access.allowed = call.access.everything = true;
  call.now = now;
  return call;
}

// Keys of every rule for one series, in the order of ReadingRules.
std::vector<std::string> KeysOf(std::string_view trust, const std::string& element, std::string_view measure,
                                std::string_view scope, const evidence::v1::Cut& cut) {
  std::vector<std::string> keys;
  for (v1::Rule rule : domain::ReadingRules()) {
    Concern concern;
    concern.set_name(std::string(trust));
    concern.set_rule(rule);
    concern.set_element(element);
    concern.set_measure(std::string(measure));
    if (!names::SchoolOf(scope).empty()) concern.set_school(std::string(scope));
    *concern.mutable_cut() = cut;
    keys.push_back(domain::ConcernKey(concern));
  }
  return keys;
}

}  // namespace

LoopWriter::LoopWriter(const LoopReader& reader, fivestrand::store::WriteTransaction& transaction,
                       std::optional<absl::CivilDay> as_of)
    : reader_(reader),
      transaction_(transaction),
      as_of_(as_of),
      call_(SystemCall(transaction.now())),
      write_(reader.registry(), call_, transaction) {}

absl::Time LoopWriter::now() const {
  return as_of_ ? calendar::StartOf(*as_of_) + kMorning : transaction_.now();
}

absl::CivilDay LoopWriter::today() const {
  return calendar::DayOf(now());
}

void LoopWriter::CutOff(domain::Series* series) const {
  if (!as_of_) return;
  std::erase_if(series->readings, [this](const evidence::v1::Reading& reading) { return domain::EndOf(reading) >= *as_of_; });
}

absl::Status LoopWriter::Date(const std::string& name, const Concern& raised, const domain::Series& series) {
  Concern concern;
  return write_.Update(name, {}, "date", &concern, [&] {
    *concern.mutable_signal_date() = raised.signal_date();
    *concern.mutable_raise_time() = raised.raise_time();
    *concern.mutable_evidence() = raised.evidence();
    domain::JoinReadings(series, &concern);
    return absl::OkStatus();
  });
}

absl::StatusOr<domain::CutNames> LoopWriter::NamesOf(const evidence::v1::Cut& cut) {
  domain::CutNames called;
  if (!cut.subject().empty()) {
    v1::Subject subject;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool there, write_.Read(cut.subject(), &subject));
    if (there) called.subject = subject.display_name();
  }
  if (!cut.school_class().empty()) {
    v1::SchoolClass school_class;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool there, write_.Read(cut.school_class(), &school_class));
    if (there) called.school_class = school_class.display_name();
  }
  return called;
}

absl::StatusOr<RuleOutcome> LoopWriter::RunRules(std::string_view measure, std::string_view scope, const evidence::v1::Cut& cut) {
  RuleOutcome outcome;
  const std::string trust(names::TrustNameOf(scope)), school(names::SchoolNameOf(scope));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<evidence::v1::Measure> known, reader_.Measure(transaction_, trust, measure));
  // Its definition is on its way; the rules run when it is here.
  if (!known) return outcome;
  const std::vector<std::string> keys = KeysOf(trust, known->element(), measure, scope, cut);
  std::map<std::string, Concern, std::less<>> newest;
  FIVESTRAND_RETURN_IF_ERROR(transaction_.Query(
      "SELECT record FROM concern WHERE trust = $1 AND key IN ($2, $3, $4, $5, $6) AND delete_time IS NULL ORDER BY path",
      {names::TrustOf(scope), keys[0], keys[1], keys[2], keys[3], keys[4]}, [&](const Row& row) -> absl::Status {
        Concern concern;
        FIVESTRAND_RETURN_IF_ERROR(organisation::ParseRecord(row, &concern));
        newest[concern.key()] = std::move(concern);
        return absl::OkStatus();
      }));

  FIVESTRAND_ASSIGN_OR_RETURN(const v1::ImprovementModel model, reader_.Model(transaction_, trust));
  FIVESTRAND_ASSIGN_OR_RETURN(const domain::Series whole, reader_.Series(transaction_, measure, scope, cut, model));
  domain::Series current = whole;
  CutOff(&current);
  if (current.readings.empty()) return outcome;
  FIVESTRAND_ASSIGN_OR_RETURN(const auto calendar, reader_.Calendar(transaction_, trust, school));
  std::optional<domain::PostBook> posts;
  std::vector<std::string> threads;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const v1::Rule rule = domain::ReadingRules()[i];
    const auto found = newest.find(keys[i]);
    const Concern* last = found == newest.end() ? nullptr : &found->second;
    const Concern* later = nullptr;
    if (as_of_ && last != nullptr && calendar::ToTime(last->raise_time()) > now()) {
      // What people have done about it since is theirs, and stays.
      if (last->state() != Concern::RAISED) continue;
      later = std::exchange(last, nullptr);
    }
    // What is open is judged by what it was raised under.
    domain::Series own;
    const domain::Series* series = &current;
    if (last != nullptr && domain::IsOpen(*last) && last->model_revision() != model.revision()) {
      FIVESTRAND_ASSIGN_OR_RETURN(const v1::ImprovementModel then, reader_.Model(transaction_, trust, last->model_revision()));
      FIVESTRAND_ASSIGN_OR_RETURN(own, reader_.Series(transaction_, measure, scope, cut, then));
      CutOff(&own);
      series = &own;
    }
    const Verdict verdict = domain::Judge(rule, *series, last, calendar.get(), today());
    if (verdict.kind == Verdict::kNothing) continue;
    FIVESTRAND_ASSIGN_OR_RETURN(const domain::CutNames called, NamesOf(cut));
    if (verdict.kind == Verdict::kRaise) {
      v1::School record;
      if (!school.empty()) {
        // A school that has gone meanwhile has nobody to answer.
        FIVESTRAND_ASSIGN_OR_RETURN(const bool there, write_.Read(school, &record));
        if (!there) continue;
      }
      if (!posts) {
        FIVESTRAND_ASSIGN_OR_RETURN(posts, reader_.Posts(transaction_, trust));
      }
      Concern concern = domain::RaiseConcern(rule, *series, verdict.fired, trust, now(), called);
      if (later != nullptr) {
        FIVESTRAND_RETURN_IF_ERROR(Date(later->name(), concern, whole));
        ++outcome.raised;
        continue;
      }
      concern.set_accountable(posts->Accountable(school, today()));
      concern.set_model_revision(model.revision());
      FIVESTRAND_RETURN_IF_ERROR(write_.Create(trust, "", &concern));
      ++outcome.raised;
      continue;
    }
    const bool resolves = verdict.kind == Verdict::kResolve;
    Concern concern;
    FIVESTRAND_RETURN_IF_ERROR(write_.Update(last->name(), {}, resolves ? "resolve" : "join", &concern, [&] {
      domain::JoinReadings(*series, &concern);
      concern.set_headline(domain::Headline(rule, *series, called));
      if (resolves) domain::Resolve(now(), &concern);
      return absl::OkStatus();
    }));
    ++(resolves ? outcome.resolved : outcome.joined);
    if (!concern.thread().empty()) threads.push_back(concern.thread());
  }
  for (const std::string& thread : threads) FIVESTRAND_RETURN_IF_ERROR(Progress(thread));
  return outcome;
}

absl::Status LoopWriter::Progress(std::string_view thread) {
  ThreadStory story;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, reader_.Story(transaction_, thread, &story));
  if (!found || story.thread.state() == v1::ImprovementThread::CLOSED) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<ConcernEffect> effects, reader_.Effects(transaction_, story, today()));
  v1::ImprovementThread record;
  return write_.Update(thread, {}, "progress", &record, [&] {
    domain::Progress(story.responses, PlainEffects(effects), today(), &record);
    return absl::OkStatus();
  });
}

absl::Status LoopWriter::MoveAccountability(std::string_view concern, const domain::PostBook& posts) {
  Concern record;
  return write_.Update(concern, {}, "move", &record, [&] {
    posts.Move(today(), &record);
    return absl::OkStatus();
  });
}

}  // namespace fivestrand::leadership::store

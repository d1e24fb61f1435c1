#include "services/leadership/api/thread_api.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/api/loop_access.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/loop_source.h"
#include "services/leadership/domain/loop/stamps.h"
#include "services/leadership/domain/loop/threads.h"

namespace fivestrand::leadership::api {
namespace {

using domain::ConcernEffect;
using domain::ThreadStory;
using google::protobuf::RepeatedPtrField;
using resource::WriteContext;
using resource::WriteSpec;
using v1::Concern;
using v1::ImprovementThread;

constexpr int kMaxConcerns = 50;
constexpr char kType[] = "fivestrand/ImprovementThread";

template <typename Request>
WriteSpec SpecOf(const Request& request) {
  return WriteSpec{.request_id = request.request_id(), .resource_type = kType};
}

class Threads {
 public:
  Threads(const resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, AssessmentClient assessment)
      : registry_(registry), source_(std::move(source)), assessment_(std::move(assessment)) {}

  absl::Status Open(WriteContext& write, const v1::OpenImprovementThreadRequest& request, ImprovementThread* thread) const {
    if (request.parent() != names::TrustNameOf(request.parent())) return status::InvalidField("parent", "must be trusts/{trust}");
    write.set_field_prefix("improvement_thread");
    const ImprovementThread& given = request.improvement_thread();
    thread->set_title(given.title());
    thread->set_aim(given.aim());
    thread->set_lead(given.lead());
    thread->set_state(ImprovementThread::OPEN);
    absl::Time last = absl::InfinitePast();
    FIVESTRAND_RETURN_IF_ERROR(Survey(write, request.parent(), request.concerns(), thread, &last));
    FIVESTRAND_ASSIGN_OR_RETURN(const absl::Time time, EventTime(write, request.has_event_time(), request.event_time(), last));
    *thread->mutable_open_time() = calendar::ToTimestamp(time);
    // Whoever may answer the concerns may open a thread for them; that is what is checked.
    FIVESTRAND_RETURN_IF_ERROR(write.Create(request.parent(), "", thread));
    FIVESTRAND_RETURN_IF_ERROR(Gather(write, request.concerns(), thread->name()));
    LoopAccess(registry_, write.call()).Redact(thread);
    return absl::OkStatus();
  }

  absl::Status Join(WriteContext& write, const v1::JoinImprovementThreadRequest& request, ImprovementThread* thread) const {
    FIVESTRAND_RETURN_IF_ERROR(CheckPresent(write.call()));
    const LoopAccess access(registry_, write.call());
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(request.name(), thread));
    if (!found || !access.MayUpdate(*thread)) return access.Missing(kType, request.name());
    ThreadStory story;
    FIVESTRAND_RETURN_IF_ERROR(source_->Story(write.transaction(), request.name(), &story).status());
    if (static_cast<int>(story.concerns.size()) + request.concerns_size() > domain::kMaxThreadConcerns)
      return status::InvalidField("concerns", absl::StrCat("would make it more than ", domain::kMaxThreadConcerns));
    ImprovementThread joined;
    absl::Time last = absl::InfinitePast();
    FIVESTRAND_RETURN_IF_ERROR(Survey(write, std::string(names::TrustNameOf(request.name())), request.concerns(), &joined, &last));
    FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, "join", thread, [&]() -> absl::Status {
      if (thread->state() == ImprovementThread::CLOSED)
        return status::Precondition("THREAD_CLOSED", thread->name(), "reopen it first");
      thread->set_restricted(thread->restricted() || joined.restricted());
      return absl::OkStatus();
    }));
    FIVESTRAND_RETURN_IF_ERROR(Gather(write, request.concerns(), request.name()));
    return ProgressAnd(write, request.name(), "progress", thread,
                       [](const std::vector<domain::Effect>&) { return absl::OkStatus(); });
  }

  absl::Status Close(WriteContext& write, const v1::CloseImprovementThreadRequest& request, ImprovementThread* thread) const {
    FIVESTRAND_RETURN_IF_ERROR(CheckUpdate(write, request.name(), request.etag()));
    absl::Time time = write.now();
    FIVESTRAND_RETURN_IF_ERROR(
        ProgressAnd(write, request.name(), "close", thread, [&](const std::vector<domain::Effect>& effects) -> absl::Status {
          absl::Time after = calendar::ToTime(thread->open_time());
          if (const auto impact = calendar::FromProto(thread->impact_date())) after = std::max(after, calendar::StartOf(*impact));
          FIVESTRAND_ASSIGN_OR_RETURN(time, EventTime(write, request.has_event_time(), request.event_time(), after));
          if (!request.closed_by().empty()) FIVESTRAND_RETURN_IF_ERROR(CheckHistorian(write.call()));
          return domain::Close(request.outcome(), request.closing_note(),
                               request.closed_by().empty() ? write.actor() : std::string_view(request.closed_by()), effects, time,
                               thread);
        }));
    ThreadStory story;
    FIVESTRAND_RETURN_IF_ERROR(source_->Story(write.transaction(), request.name(), &story).status());
    for (const Concern& one : story.concerns) {
      Concern concern;
      FIVESTRAND_RETURN_IF_ERROR(write.Update(one.name(), {}, "end", &concern, [&] {
        domain::EndWithThread(time, &concern);
        return absl::OkStatus();
      }));
    }
    return absl::OkStatus();
  }

  absl::Status Reopen(WriteContext& write, const v1::ReopenImprovementThreadRequest& request, ImprovementThread* thread) const {
    FIVESTRAND_RETURN_IF_ERROR(CheckPresent(write.call()));
    FIVESTRAND_RETURN_IF_ERROR(CheckUpdate(write, request.name(), request.etag()));
    FIVESTRAND_RETURN_IF_ERROR(
        write.Update(request.name(), {}, "reopen", thread, [&] { return domain::Reopen(request.reason(), thread); }));
    ThreadStory story;
    FIVESTRAND_RETURN_IF_ERROR(source_->Story(write.transaction(), request.name(), &story).status());
    for (const Concern& one : story.concerns) {
      // A newer concern with the same cause stays the open one.
      FIVESTRAND_ASSIGN_OR_RETURN(const bool taken,
                                  source_->KeyIsOpen(write.transaction(), names::TrustNameOf(one.name()), one.key()));
      Concern concern;
      FIVESTRAND_RETURN_IF_ERROR(write.Update(one.name(), {}, "reopen", &concern, [&] {
        domain::ReopenWithThread(!taken, &concern);
        return absl::OkStatus();
      }));
    }
    return ProgressAnd(write, request.name(), "progress", thread,
                       [](const std::vector<domain::Effect>&) { return absl::OkStatus(); });
  }

  absl::Status Get(const rpc::CallContext& context, const v1::GetImprovementThreadRequest& request,
                   ImprovementThread* thread) const {
    return registry_.store().Read(context.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
      ThreadStory story;
      const LoopAccess access(registry_, context);
      FIVESTRAND_RETURN_IF_ERROR(Read(session, access, request.name(), &story));
      *thread = std::move(story.thread);
      access.Redact(thread);
      return absl::OkStatus();
    });
  }

  absl::Status Timeline(const rpc::CallContext& context, const v1::GetThreadTimelineRequest& request,
                        v1::ThreadTimeline* timeline) const {
    std::vector<Comparable> comparables;
    FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(context.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
      timeline->Clear();
      comparables.clear();
      ThreadStory story;
      const LoopAccess access(registry_, context);
      FIVESTRAND_RETURN_IF_ERROR(Read(session, access, request.name(), &story));
      FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<ConcernEffect> effects,
                                  source_->Effects(session, story, calendar::DayOf(context.now)));
      const bool lead = access.IsLead(story.thread);
      for (const ConcernEffect& one : effects) {
        if (!lead && !access.MaySee(*one.concern)) continue;
        Concern* concern = timeline->add_concerns();
        *concern = *one.concern;
        if (!lead) access.Redact(concern);
        if (one.concern->measure().empty() || (!lead && !access.MaySeeFigures(*one.concern))) continue;
        FillEffect(one, timeline->add_effects());
        AddComparable(one, timeline->effects_size() - 1, domain::FirstResponse(story.responses, calendar::DayOf(context.now)),
                      &comparables);
      }
      for (v1::ThreadResponse& response : story.responses) {
        if (response.giver() == story.thread.school()) response.clear_giver();
        if (response.receiver() == story.thread.school()) response.clear_receiver();
        *timeline->add_responses() = std::move(response);
      }
      *timeline->mutable_thread() = std::move(story.thread);
      access.Redact(timeline->mutable_thread());
      return absl::OkStatus();
    }));
    Compare(assessment_, context, comparables, timeline);
    return absl::OkStatus();
  }

 private:
  absl::Status Read(fivestrand::store::Session& session, const LoopAccess& access, std::string_view name,
                    ThreadStory* story) const {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, source_->Story(session, name, story));
    return found && access.MaySee(*story) ? absl::OkStatus() : access.Missing(kType, name);
  }

  // School and sensitivity of a thread that gathers these concerns, and when the last of them was raised or acknowledged. Whether
  // the caller may is seen when they are changed.
  absl::Status Survey(WriteContext& write, std::string_view trust, const RepeatedPtrField<std::string>& concerns,
                      ImprovementThread* thread, absl::Time* last) const {
    if (concerns.empty() || concerns.size() > kMaxConcerns) return status::InvalidField("concerns", "must be 1 to 50");
    std::set<std::string> schools, named;
    for (int i = 0; i < concerns.size(); ++i) {
      if (names::TrustNameOf(concerns[i]) != trust || !named.insert(concerns[i]).second)
        return status::InvalidField(absl::StrCat("concerns[", i, "]"), "must be a concern of the trust, each once");
      Concern concern;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(concerns[i], &concern));
      if (!found) continue;
      schools.insert(concern.school());
      *last = std::max(*last, calendar::ToTime(concern.has_acknowledge_time() ? concern.acknowledge_time() : concern.raise_time()));
      thread->set_restricted(thread->restricted() || concern.restricted());
    }
    if (schools.size() == 1) thread->set_school(*schools.begin());
    return absl::OkStatus();
  }

  // Takes the concerns into the thread, each of which the caller must be allowed to answer.
  absl::Status Gather(WriteContext& write, const RepeatedPtrField<std::string>& concerns, const std::string& thread) const {
    const LoopAccess access(registry_, write.call());
    write.set_check_rows(true);
    for (const std::string& name : concerns) {
      Concern concern;
      FIVESTRAND_RETURN_IF_ERROR(write.Update(name, {}, "enter thread", &concern, [&]() -> absl::Status {
        FIVESTRAND_RETURN_IF_ERROR(access.CheckAnswer(concern));
        return domain::EnterThread(thread, &concern);
      }));
    }
    write.set_check_rows(false);
    return absl::OkStatus();
  }

  // The caller may change the thread, and has seen its newest state.
  absl::Status CheckUpdate(WriteContext& write, std::string_view name, std::string_view etag) const {
    ImprovementThread thread;
    write.set_check_rows(true);
    FIVESTRAND_RETURN_IF_ERROR(write.Update(name, {.etag = etag}, "check", &thread, [] { return absl::OkStatus(); }));
    write.set_check_rows(false);
    return absl::OkStatus();
  }

  // Brings the thread up to date, then changes it.
  absl::Status ProgressAnd(WriteContext& write, const std::string& name, std::string_view verb, ImprovementThread* thread,
                           absl::FunctionRef<absl::Status(const std::vector<domain::Effect>&)> change) const {
    ThreadStory story;
    FIVESTRAND_RETURN_IF_ERROR(source_->Story(write.transaction(), name, &story).status());
    const absl::CivilDay today = calendar::DayOf(write.now());
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<ConcernEffect> effects, source_->Effects(write.transaction(), story, today));
    const std::vector<domain::Effect> plain = domain::PlainEffects(effects);
    FIVESTRAND_RETURN_IF_ERROR(write.Update(name, {}, verb, thread, [&] {
      domain::Progress(story.responses, plain, today, thread);
      return change(plain);
    }));
    LoopAccess(registry_, write.call()).Redact(thread);
    return absl::OkStatus();
  }

  // Of a measure of pupils' results that has been read again: between which windows it is judged.
  static void AddComparable(const ConcernEffect& one, int effect, std::optional<absl::CivilDay> first_response,
                            std::vector<Comparable>* comparables) {
    const evidence::v1::Cut& cut = one.concern->cut();
    if (one.series.measure.period_kind() != evidence::v1::ASSESSMENT_WINDOW || cut.subject().empty() || !cut.person().empty())
      return;
    if (!one.effect.conclusive() || !first_response) return;
    Comparable comparable{.effect = effect, .cut = cut};
    bool before = false, after = false;
    for (const evidence::v1::Reading& reading : one.series.readings) {
      if (!reading.has_value()) continue;
      if (domain::EndOf(reading) < *first_response) {
        comparable.before = reading.period();
        before = true;
      } else if (domain::EndOf(reading) == *one.effect.impact) {
        comparable.after = reading.period();
        after = true;
      }
    }
    comparable.scope = one.series.readings.back().scope();
    if (before && after) comparables->push_back(std::move(comparable));
  }

  static void FillEffect(const ConcernEffect& one, v1::ThreadEffect* effect) {
    constexpr int kMaxReadings = 40;
    effect->set_concern(one.concern->name());
    const auto& readings = one.series.readings;
    *effect->mutable_measure() = readings.empty() ? one.series.measure : domain::MeasureAt(one.series, readings.back());
    if (one.concern->has_cut()) *effect->mutable_cut() = one.concern->cut();
    const int count = static_cast<int>(one.series.readings.size());
    for (int i = std::max(0, count - kMaxReadings); i < count; ++i)
      *effect->add_readings() = one.series.readings[static_cast<std::size_t>(i)];
    if (one.effect.before) effect->set_before(*one.effect.before);
    if (one.effect.after) effect->set_after(*one.effect.after);
    effect->set_outcome(one.effect.outcome);
  }

  const resource::Registry& registry_;
  const std::shared_ptr<const domain::LoopSource> source_;
  const AssessmentClient assessment_;
};

}  // namespace

void BindThreads(resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, AssessmentClient assessment,
                 rpc::Server& server) {
  auto threads = std::make_shared<const Threads>(registry, std::move(source), std::move(assessment));
  const auto method = [](std::string_view name) {
    return rpc::FindMethod("fivestrand.leadership.v1.ImprovementService." + std::string(name));
  };
  const auto write = [&]<typename Request>(std::string_view name,
                                           absl::Status (Threads::*body)(WriteContext&, const Request&, ImprovementThread*) const) {
    registry.HandleWrite<Request, ImprovementThread>(
        server, method(name), &SpecOf<Request>,
        [threads, body](WriteContext& context, const Request& request, ImprovementThread* thread) {
          return (*threads.*body)(context, request, thread);
        });
  };
  write("OpenImprovementThread", &Threads::Open);
  write("JoinImprovementThread", &Threads::Join);
  write("CloseImprovementThread", &Threads::Close);
  write("ReopenImprovementThread", &Threads::Reopen);
  server.Handle<v1::GetImprovementThreadRequest, ImprovementThread>(
      method("GetImprovementThread"), rpc::Runs::kPool,
      [threads](const rpc::CallContext& context, const v1::GetImprovementThreadRequest& request, ImprovementThread* thread) {
        return threads->Get(context, request, thread);
      });
  server.Handle<v1::GetThreadTimelineRequest, v1::ThreadTimeline>(
      method("GetThreadTimeline"), rpc::Runs::kPool,
      [threads](const rpc::CallContext& context, const v1::GetThreadTimelineRequest& request, v1::ThreadTimeline* timeline) {
        return threads->Timeline(context, request, timeline);
      });
}

}  // namespace fivestrand::leadership::api

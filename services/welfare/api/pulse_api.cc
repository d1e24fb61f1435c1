#include "services/welfare/api/pulse_api.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"
#include "fivestrand/welfare/v1/pulse_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/welfare/api/matter_changes.h"
#include "services/welfare/api/pulse_close.h"
#include "services/welfare/api/pulse_results.h"
#include "services/welfare/domain/pulse_rules.h"
#include "services/welfare/domain/pulse_tally.h"

namespace fivestrand::welfare::api {
namespace {

using resource::WriteContext;
using resource::WriteSpec;

constexpr int kMaxOpen = 20;
constexpr char kType[] = "fivestrand/PulseSurvey";

const google::protobuf::MethodDescriptor* Find(std::string_view method) {
  return rpc::FindMethod(absl::StrCat("fivestrand.welfare.v1.PulseService.", AbslView(method)));
}

absl::Time TimeOf(const v1::PulseSurvey& survey, const char* field) {
  return resource::GetTime(survey, v1::PulseSurvey::descriptor()->FindFieldByName(field));
}

absl::Status ListOpen(resource::Registry& registry, const PulseParts& parts, const rpc::CallContext& context,
                      v1::ListOpenPulsesResponse* response) {
  const std::string& caller = context.caller->subject;
  return registry.store().Read(context.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
    response->Clear();
    domain::StaffMember member;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool works,
                                parts.directory->FindStaff(session, caller, calendar::DayOf(context.now), &member));
    if (!works) return absl::OkStatus();
    std::vector<v1::PulseSurvey> open;
    v1::PulseSurvey scratch;
    FIVESTRAND_RETURN_IF_ERROR(
        registry.Scan(session, v1::PulseSurvey::descriptor(), "trust = $1 AND state = $2 AND open_time <= $3 AND close_time > $3",
                      {context.trust, static_cast<int>(v1::PulseSurvey::SCHEDULED), context.now}, &scratch, [&] {
                        if (domain::Invites(scratch, member.school)) open.push_back(scratch);
                        return absl::OkStatus();
                      }));
    std::sort(open.begin(), open.end(), [](const v1::PulseSurvey& a, const v1::PulseSurvey& b) {
      return std::pair(TimeOf(a, "close_time"), a.name()) < std::pair(TimeOf(b, "close_time"), b.name());
    });
    if (open.size() > kMaxOpen) open.resize(kMaxOpen);
    for (v1::PulseSurvey& survey : open) {
      auto* one = response->add_open_pulses();
      FIVESTRAND_ASSIGN_OR_RETURN(const bool answered, parts.pulses->HasAnswered(session, survey.name(), caller));
      one->set_answered(answered);
      one->mutable_pulse_survey()->Swap(&survey);
    }
    return absl::OkStatus();
  });
}

// Everything about who answers stays in this body: no audit row, no event, no answer kept for a repeated request, no log line.
absl::Status Answer(const resource::Registry& registry, const PulseParts& parts, fivestrand::store::WriteTransaction& transaction,
                    const rpc::CallContext& context, const v1::AnswerPulseRequest& request) {
  v1::PulseSurvey survey;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(transaction, request.name(), &survey));
  if (!found) return status::NotFound(kType, request.name());
  if (!domain::IsOpen(survey, transaction.now())) {
    return status::Precondition("PULSE_NOT_OPEN", request.name(), "the survey is not open");
  }
  const absl::CivilDay today = calendar::DayOf(transaction.now());
  domain::StaffMember member;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool works, parts.directory->FindStaff(transaction, context.caller->subject, today, &member));
  if (!works || !domain::Invites(survey, member.school)) return status::Denied(context.method->full_name());
  domain::Ballot ballot;
  ballot.school = member.school;
  FIVESTRAND_ASSIGN_OR_RETURN(ballot.ratings, domain::ReadRatings(survey, request.ratings()));
  return parts.pulses->Answer(
      transaction, request.name(), context.caller->subject, ballot, [&]() -> absl::StatusOr<domain::Invitation> {
        FIVESTRAND_ASSIGN_OR_RETURN(const auto invited, InvitedBySchool(transaction, *parts.directory, survey, today));
        domain::Invitation invitation;
        for (const auto& [school, persons] : invited) {
          if (!school.empty()) invitation.schools.push_back(school);
          invitation.persons += static_cast<std::size_t>(persons);
        }
        return invitation;
      });
}

void BindAnswer(resource::Registry& registry, const PulseParts& parts, rpc::Server& server) {
  server.AsyncUnary(Find("AnswerPulse"), rpc::Runs::kPool,
                    [&registry, parts](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                                       std::function<void(absl::Status, rpc::Reply)> done) {
                      const auto* request = static_cast<const v1::AnswerPulseRequest*>(&message);
                      if (absl::Status ready = registry.cipher().Prepare(context->trust); !ready.ok()) return done(ready, {});
                      fivestrand::store::WriteRequest write;
                      write.deadline = context->deadline;
                      write.body = [&registry, parts, context, request](fivestrand::store::WriteTransaction& transaction) {
                        return Answer(registry, parts, transaction, *context, *request);
                      };
                      write.done = [context, done = std::move(done)](absl::Status status) {
                        rpc::Reply reply;
                        if (status.ok()) reply.SetBytes("");
                        done(std::move(status), std::move(reply));
                      };
                      registry.store().WriteAsync(std::move(write));
                    });
}

absl::Status ImportRound(const PulseParts& parts, WriteContext& write, const v1::ImportPulseRoundRequest& request,
                         v1::PulseSurvey* survey) {
  FIVESTRAND_RETURN_IF_ERROR(CheckId("pulse_survey_id", request.pulse_survey_id()));
  *survey = request.pulse_survey();
  survey->clear_etag();
  if (survey->questions().empty()) domain::AddDefaultQuestions(survey);
  if (TimeOf(*survey, "close_time") > write.now()) {
    return status::InvalidField("pulse_survey.close_time", "must lie in the past");
  }
  survey->set_state(v1::PulseSurvey::CLOSED);
  write.set_field_prefix("pulse_survey");
  FIVESTRAND_RETURN_IF_ERROR(write.Create(request.parent(), request.pulse_survey_id(), survey));
  std::map<std::string, int> invited;
  const auto known = [&](const std::string& school) {
    return school.empty() || (names::TrustOf(school) == write.call().trust && names::SchoolNameOf(school) == school);
  };
  for (int i = 0; i < request.invited_size(); ++i) {
    if (!known(request.invited(i).school()))
      return status::InvalidField(absl::StrCat("invited[", i, "].school"), "is no school of the trust");
    invited[request.invited(i).school()] += request.invited(i).persons();
  }
  std::vector<domain::Ballot> ballots;
  for (int i = 0; i < request.rows_size(); ++i) {
    const auto& row = request.rows(i);
    if (!known(row.school())) return status::InvalidField(absl::StrCat("rows[", i, "].school"), "is no school of the trust");
    if (row.ratings_size() != survey->questions_size()) {
      return status::InvalidField(absl::StrCat("rows[", i, "].ratings"), "must have one for each question");
    }
    ballots.push_back({row.school(), {row.ratings().begin(), row.ratings().end()}});
  }
  return parts.pulses->KeepFigures(write.transaction(), survey->name(), domain::Tally(*survey, invited, ballots));
}

}  // namespace

void BindPulses(resource::Registry& registry, const PulseParts& parts, rpc::Server& server) {
  BindAnswer(registry, parts, server);
  server.Handle<v1::ListOpenPulsesRequest, v1::ListOpenPulsesResponse>(
      Find("ListOpenPulses"), rpc::Runs::kPool,
      [&registry, parts](const rpc::CallContext& context, const v1::ListOpenPulsesRequest&, v1::ListOpenPulsesResponse* response) {
        return ListOpen(registry, parts, context, response);
      });
  server.Handle<v1::ReadPulseResultsRequest, v1::PulseResults>(
      Find("ReadPulseResults"), rpc::Runs::kPool,
      [&registry, parts](const rpc::CallContext& context, const v1::ReadPulseResultsRequest& request,
                         v1::PulseResults* response) -> absl::Status {
        // Whoever asks after the time is over need not wait for the next look of the job.
        FIVESTRAND_RETURN_IF_ERROR(CloseDuePulses(registry, parts, context.now, context.deadline));
        return ReadResults(registry, parts, context, request.name(), response);
      });
  registry.HandleWrite<v1::ClosePulseSurveyRequest, v1::PulseSurvey>(
      server, Find("ClosePulseSurvey"),
      [](const v1::ClosePulseSurveyRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = kType};
      },
      [parts](WriteContext& write, const v1::ClosePulseSurveyRequest& request, v1::PulseSurvey* survey) {
        return ClosePulse(parts, write, request.name(), request.etag(), survey);
      });
  registry.HandleWrite<v1::CancelPulseSurveyRequest, v1::PulseSurvey>(
      server, Find("CancelPulseSurvey"),
      [](const v1::CancelPulseSurveyRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = kType};
      },
      [parts](WriteContext& write, const v1::CancelPulseSurveyRequest& request, v1::PulseSurvey* survey) {
        return write.Update(request.name(), {.etag = request.etag()}, "cancel", survey, [&]() -> absl::Status {
          if (survey->state() != v1::PulseSurvey::SCHEDULED) {
            return status::Precondition("PULSE_CLOSED", request.name(), "it is over already");
          }
          survey->set_state(v1::PulseSurvey::CANCELLED);
          return parts.pulses->Destroy(write.transaction(), request.name());
        });
      });
  registry.HandleWrite<v1::ImportPulseRoundRequest, v1::PulseSurvey>(
      server, Find("ImportPulseRound"),
      [](const v1::ImportPulseRoundRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = kType};
      },
      [parts](WriteContext& write, const v1::ImportPulseRoundRequest& request, v1::PulseSurvey* survey) {
        return ImportRound(parts, write, request, survey);
      });
}

}  // namespace fivestrand::welfare::api

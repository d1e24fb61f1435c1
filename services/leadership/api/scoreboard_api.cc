#include "services/leadership/api/scoreboard_api.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/identity/access.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/server.h"
#include "platform/service/evidence_service.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/api/gather.h"
#include "services/leadership/api/model_api.h"

namespace fivestrand::leadership::api {
namespace {

using domain::ScoreboardScope;
using domain::ServiceAnswer;
using evidence::v1::SummariseEvidenceRequest;
using evidence::v1::SummariseEvidenceResponse;
using Context = std::shared_ptr<const rpc::CallContext>;
using Kind = ServiceAnswer::Kind;

constexpr char kSummarise[] = "/fivestrand.evidence.v1.EvidenceService/SummariseEvidence";

// Everything that one call needs until it is answered.
struct Board {
  SummariseEvidenceRequest request;
  std::vector<PeerCall> calls;
  absl::Status status;
  ServiceAnswer own{.service = "leadership", .kind = Kind::kAnswered, .summaries = {}};
  v1::ImprovementModel model;
  std::vector<ScoreboardScope> scopes;
  domain::ConcernCounts concerns;
  absl::CivilDay today;
};

void Take(SummariseEvidenceResponse response, ServiceAnswer* answer) {
  for (auto& summary : *response.mutable_summaries()) answer->summaries.push_back(std::move(summary));
}

// What is asked of each service: one school; or a trust and each of its schools; or the caller's schools.
SummariseEvidenceRequest RequestFor(const v1::GetScoreboardRequest& request) {
  SummariseEvidenceRequest one;
  one.set_parent(request.parent());
  if (request.has_as_of()) *one.mutable_as_of() = request.as_of();
  const std::string_view school = names::SchoolOf(request.parent());
  one.set_by_school(school.empty() || school == names::kAny);
  return one;
}

std::vector<ServiceAnswer> AnswersOf(const std::vector<PeerCall>& calls, std::vector<PeerReply> replies) {
  std::vector<ServiceAnswer> answers;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ServiceAnswer& answer =
        answers.emplace_back(ServiceAnswer{.service = calls[i].service, .kind = Kind::kAnswered, .summaries = {}});
    SummariseEvidenceResponse response;
    if (replies[i].status.ok() && rpc::ParseByteBuffer(replies[i].bytes, &response)) {
      Take(std::move(response), &answer);
    } else {
      answer.kind = absl::IsPermissionDenied(replies[i].status) ? Kind::kNotYours : Kind::kAway;
    }
  }
  return answers;
}

class Scoreboards {
 public:
  Scoreboards(const resource::Registry& registry, std::shared_ptr<const service::EvidenceAnswers> answers,
              std::shared_ptr<EvidencePeers> peers, CountOpenConcerns count)
      : registry_(registry), answers_(std::move(answers)), peers_(std::move(peers)), count_(std::move(count)) {}

  void Get(const Context& context, const v1::GetScoreboardRequest& request,
           std::function<void(absl::Status, rpc::Reply)> done) const {
    auto board = std::make_shared<Board>();
    board->request = RequestFor(request);
    board->today = calendar::FromProto(request.as_of()).value_or(calendar::DayOf(context->now));
    // A process of the suite is answered by this service alone.
    if (!context->caller->IsService()) {
      for (const std::string_view peer : domain::PeerServices())
        board->calls.push_back({std::string(peer), kSummarise, &board->request});
    }
    Gather(
        *peers_, *context, board->calls, [&] { board->status = ReadOwn(*context, request, board.get()); },
        [board, context, done = std::move(done)](std::vector<PeerReply> replies) {
          if (!board->status.ok()) return done(board->status, {});
          std::vector<ServiceAnswer> answers = AnswersOf(board->calls, std::move(replies));
          answers.insert(answers.begin(), std::move(board->own));
          rpc::Reply reply;
          reply.Set(domain::BuildScoreboard(board->model, board->today, board->scopes, std::move(answers), board->concerns));
          done(absl::OkStatus(), std::move(reply));
        });
  }

 private:
  absl::Status ReadOwn(const rpc::CallContext& context, const v1::GetScoreboardRequest& request, Board* board) const {
    SummariseEvidenceResponse response;
    FIVESTRAND_RETURN_IF_ERROR(answers_->SummariseEvidence(context, board->request, &response));
    Take(std::move(response), &board->own);
    return registry_.store().Read(context.deadline, [&](store::Session& session) -> absl::Status {
      board->scopes.clear();
      board->concerns.clear();
      const std::string trust(names::TrustNameOf(request.parent()));
      FIVESTRAND_ASSIGN_OR_RETURN(board->model, ReadModel(registry_, session, trust));
      FIVESTRAND_RETURN_IF_ERROR(ReadScopes(context, session, request.parent(), &board->scopes));
      return count_ ? count_(session, context, trust, &board->concerns) : absl::OkStatus();
    });
  }

  absl::Status ReadScopes(const rpc::CallContext& context, store::Session& session, const std::string& parent,
                          std::vector<ScoreboardScope>* scopes) const {
    const std::string_view school = names::SchoolOf(parent);
    v1::School record;
    if (!school.empty() && school != names::kAny) {
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session, parent, &record));
      if (!found) return status::NotFound("fivestrand/School", parent);
      scopes->push_back({record.name(), record.display_name()});
      return absl::OkStatus();
    }
    // Status 1 is PROPOSED.
    static_assert(v1::School::PROPOSED == 1);
    FIVESTRAND_RETURN_IF_ERROR(
        registry_.Scan(session, v1::School::descriptor(), "trust = $1 AND status <> 1", {names::TrustOf(parent)}, &record, [&] {
          if (context.access.everything || context.access.Includes({.school = names::SchoolOf(record.name())}))
            scopes->push_back({record.name(), record.display_name()});
          return absl::OkStatus();
        }));
    std::sort(scopes->begin(), scopes->end(),
              [](const auto& a, const auto& b) { return std::tie(a.display_name, a.name) < std::tie(b.display_name, b.name); });
    if (school == names::kAny) return absl::OkStatus();
    v1::Trust trust;
    FIVESTRAND_RETURN_IF_ERROR(registry_.Read(session, parent, &trust).status());
    scopes->insert(scopes->begin(), {parent, trust.display_name()});
    return absl::OkStatus();
  }

  const resource::Registry& registry_;
  const std::shared_ptr<const service::EvidenceAnswers> answers_;
  const std::shared_ptr<EvidencePeers> peers_;
  const CountOpenConcerns count_;
};

}  // namespace

void BindScoreboard(const resource::Registry& registry, std::shared_ptr<const service::EvidenceAnswers> answers,
                    std::shared_ptr<EvidencePeers> peers, CountOpenConcerns count, rpc::Server& server) {
  auto boards = std::make_shared<const Scoreboards>(registry, std::move(answers), std::move(peers), std::move(count));
  server.AsyncUnary(
      rpc::FindMethod("fivestrand.leadership.v1.ImprovementService.GetScoreboard"), rpc::Runs::kPool,
      [boards](Context context, const google::protobuf::Message& request, std::function<void(absl::Status, rpc::Reply)> done) {
        boards->Get(context, static_cast<const v1::GetScoreboardRequest&>(request), std::move(done));
      });
}

}  // namespace fivestrand::leadership::api

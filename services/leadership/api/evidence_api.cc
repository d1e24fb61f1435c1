#include "services/leadership/api/evidence_api.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/server.h"
#include "platform/service/evidence_service.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/api/gather.h"
#include "services/leadership/api/model_api.h"
#include "services/leadership/domain/model/agreed_targets.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/model_rules.h"
#include "services/leadership/domain/model/scoreboard.h"

namespace fivestrand::leadership::api {
namespace {

using evidence::v1::ListMeasuresRequest;
using evidence::v1::ListMeasuresResponse;
using evidence::v1::ListReadingsRequest;
using evidence::v1::ListReadingsResponse;
using evidence::v1::SummariseEvidenceRequest;
using evidence::v1::SummariseEvidenceResponse;
using Context = std::shared_ptr<const rpc::CallContext>;
using Done = std::function<void(absl::Status, rpc::Reply)>;

constexpr char kListMeasures[] = "/fivestrand.evidence.v1.EvidenceService/ListMeasures";
constexpr char kSummarise[] = "/fivestrand.evidence.v1.EvidenceService/SummariseEvidence";
constexpr char kListReadings[] = "/fivestrand.evidence.v1.EvidenceService/ListReadings";

void Answer(const Done& done, absl::Status status, const google::protobuf::Message& response) {
  rpc::Reply reply;
  if (status.ok()) reply.Set(response);
  done(std::move(status), std::move(reply));
}

// The peers that answer for any of the elements; no elements: all.
template <typename Elements>
std::vector<std::string> PeersFor(const Elements& elements) {
  std::vector<std::string> peers;
  for (const std::string_view peer : domain::PeerServices()) {
    const auto is_its = [&](const std::string& element) {
      const std::vector<std::string_view> services = domain::ServicesOf(element);
      return std::find(services.begin(), services.end(), peer) != services.end();
    };
    if (elements.empty() || std::any_of(elements.begin(), elements.end(), is_its)) peers.emplace_back(peer);
  }
  return peers;
}

std::vector<PeerCall> CallsTo(const std::vector<std::string>& peers, const char* path, const google::protobuf::Message& request) {
  std::vector<PeerCall> calls;
  for (const std::string& peer : peers) calls.push_back({peer, path, &request});
  return calls;
}

// What leadership finds out itself while the others are asked.
template <typename Response>
struct Own {
  absl::Status status;
  Response response;
  v1::ImprovementModel model;
};

absl::Status ReadModelInto(const resource::Registry& registry, const rpc::CallContext& context, std::string_view parent,
                           v1::ImprovementModel* model) {
  return registry.store().Read(
      context.deadline,
      [&](store::Session& session) -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(*model, ReadModel(registry, session, names::TrustNameOf(parent)));
        return absl::OkStatus();
      },
      store::ReadMode::kStatement);
}

class Gatherer {
 public:
  Gatherer(const resource::Registry& registry, std::shared_ptr<const service::EvidenceAnswers> answers,
           std::shared_ptr<EvidencePeers> peers)
      : registry_(registry), answers_(std::move(answers)), peers_(std::move(peers)) {}

  void ListMeasures(const Context& context, const ListMeasuresRequest& request, Done done) const {
    auto own = std::make_shared<Own<ListMeasuresResponse>>();
    const auto ask = [&] {
      own->status = answers_->ListMeasures(*context, request, &own->response);
    };
    if (Alone(*context, ask, own, done)) return;
    const std::vector<std::string> peers = PeersFor(std::vector<std::string>());
    Gather(
        *peers_, *context, CallsTo(peers, kListMeasures, request),
        [&] {
          ask();
          if (own->status.ok()) own->status = ReadModelInto(registry_, *context, request.parent(), &own->model);
        },
        [own, context, peers, defaults = request.defaults(), done](std::vector<PeerReply> replies) {
          for (std::size_t i = 0; own->status.ok() && i < replies.size(); ++i) {
            ListMeasuresResponse of_peer;
            if (replies[i].status.ok() && rpc::ParseByteBuffer(replies[i].bytes, &of_peer)) {
              for (auto& measure : *of_peer.mutable_measures()) *own->response.add_measures() = std::move(measure);
            } else {
              *own->response.add_away() = domain::AwayOf(own->model, peers[i], {});
            }
          }
          if (!defaults) {
            for (auto& measure : *own->response.mutable_measures()) domain::ApplyModel(own->model, &measure);
          }
          Answer(done, own->status, own->response);
        });
  }

  void Summarise(const Context& context, const SummariseEvidenceRequest& request, Done done) const {
    auto own = std::make_shared<Own<SummariseEvidenceResponse>>();
    const auto ask = [&] {
      own->status = answers_->SummariseEvidence(*context, request, &own->response);
    };
    if (Alone(*context, ask, own, done)) return;
    const std::vector<std::string> peers = PeersFor(request.elements());
    const std::vector<std::string> elements(request.elements().begin(), request.elements().end());
    const absl::CivilDay today = calendar::FromProto(request.as_of()).value_or(calendar::DayOf(context->now));
    Gather(
        *peers_, *context, CallsTo(peers, kSummarise, request),
        [&] {
          ask();
          if (own->status.ok()) own->status = ReadModelInto(registry_, *context, request.parent(), &own->model);
        },
        [own, context, peers, elements, today, done](std::vector<PeerReply> replies) {
          for (std::size_t i = 0; own->status.ok() && i < replies.size(); ++i) {
            SummariseEvidenceResponse of_peer;
            if (replies[i].status.ok() && rpc::ParseByteBuffer(replies[i].bytes, &of_peer)) {
              for (auto& summary : *of_peer.mutable_summaries()) *own->response.add_summaries() = std::move(summary);
            } else if (!absl::IsPermissionDenied(replies[i].status)) {
              *own->response.add_away() = domain::AwayOf(own->model, peers[i], elements);
            }
          }
          for (auto& summary : *own->response.mutable_summaries()) domain::ApplyModel(own->model, today, &summary);
          Answer(done, own->status, own->response);
        });
  }

  void ListReadings(const Context& context, const ListReadingsRequest& request, Done done) const {
    const evidence::MeasureDefinition* measure = evidence::FindMeasure(answers_->source().measures(), request.measure());
    const std::string element = request.measure().substr(0, request.measure().find('.'));
    std::vector<std::string> peers = PeersFor(std::vector<std::string>{element});
    auto own = std::make_shared<Own<ListReadingsResponse>>();
    if (measure != nullptr || peers.empty() || context->caller->IsService()) {
      own->status = answers_->ListReadings(*context, request, &own->response);
      if (own->status.ok() && !context->caller->IsService()) {
        own->status = ReadModelInto(registry_, *context, request.parent(), &own->model);
        Rejudge(own->model, calendar::DayOf(context->now), evidence::ToProto(*measure), &own->response);
      }
      return Answer(done, own->status, own->response);
    }
    ListMeasuresRequest measures;
    measures.set_parent(std::string(names::TrustNameOf(request.parent())));
    const std::string peer = peers.front(), name = request.measure();
    Gather(
        *peers_, *context, {{peer, kListReadings, &request}, {peer, kListMeasures, &measures}},
        [&] { own->status = ReadModelInto(registry_, *context, request.parent(), &own->model); },
        [own, context, peer, name, done](std::vector<PeerReply> replies) {
          if (own->status.ok()) own->status = Understood(peer, replies, name, calendar::DayOf(context->now), own.get());
          Answer(done, own->status, own->response);
        });
  }

 private:
  // A process of the suite is answered by this service alone.
  template <typename Response>
  static bool Alone(const rpc::CallContext& context, const std::function<void()>& ask, const std::shared_ptr<Own<Response>>& own,
                    const Done& done) {
    if (!context.caller->IsService()) return false;
    ask();
    Answer(done, own->status, own->response);
    return true;
  }

  static void Rejudge(const v1::ImprovementModel& model, absl::CivilDay today, const evidence::v1::Measure& measure,
                      ListReadingsResponse* response) {
    for (evidence::v1::Reading& reading : *response->mutable_readings()) {
      if (!domain::IsTheTrusts(model, measure.measure(), reading.scope())) continue;
      domain::Judge(domain::MeasureOn(model, measure, reading.scope(), domain::JudgedOn(reading, today)), &reading);
    }
  }

  // The readings that the owner has listed; what it refuses is refused, and UNAVAILABLE names who is away.
  static absl::Status Understood(const std::string& peer, const std::vector<PeerReply>& replies, const std::string& measure,
                                 absl::CivilDay today, Own<ListReadingsResponse>* own) {
    const absl::Status& listed = replies[0].status;
    if (absl::IsUnavailable(listed) || absl::IsDeadlineExceeded(listed) || absl::IsUnimplemented(listed))
      return status::Unavailable(status::Reason::kUpstreamUnavailable, absl::StrCat(peer, " does not answer"), absl::Seconds(2));
    FIVESTRAND_RETURN_IF_ERROR(listed);
    ListMeasuresResponse measures;
    if (!rpc::ParseByteBuffer(replies[0].bytes, &own->response) || !replies[1].status.ok() ||
        !rpc::ParseByteBuffer(replies[1].bytes, &measures)) {
      return status::Unavailable(status::Reason::kUpstreamUnavailable, absl::StrCat(peer, " does not answer"), absl::Seconds(2));
    }
    for (const evidence::v1::Measure& one : measures.measures()) {
      if (one.measure() == measure) Rejudge(own->model, today, one, &own->response);
    }
    return absl::OkStatus();
  }

  const resource::Registry& registry_;
  const std::shared_ptr<const service::EvidenceAnswers> answers_;
  const std::shared_ptr<EvidencePeers> peers_;
};

}  // namespace

void BindEvidence(const resource::Registry& registry, std::shared_ptr<const service::EvidenceAnswers> answers,
                  std::shared_ptr<EvidencePeers> peers, rpc::Server& server) {
  auto gatherer = std::make_shared<const Gatherer>(registry, std::move(answers), std::move(peers));
  server.AsyncUnary(rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.ListMeasures"), rpc::Runs::kPool,
                    [gatherer](Context context, const google::protobuf::Message& request, Done done) {
                      gatherer->ListMeasures(context, static_cast<const ListMeasuresRequest&>(request), std::move(done));
                    });
  server.AsyncUnary(rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.SummariseEvidence"), rpc::Runs::kPool,
                    [gatherer](Context context, const google::protobuf::Message& request, Done done) {
                      gatherer->Summarise(context, static_cast<const SummariseEvidenceRequest&>(request), std::move(done));
                    });
  server.AsyncUnary(rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.ListReadings"), rpc::Runs::kPool,
                    [gatherer](Context context, const google::protobuf::Message& request, Done done) {
                      gatherer->ListReadings(context, static_cast<const ListReadingsRequest&>(request), std::move(done));
                    });
}

}  // namespace fivestrand::leadership::api

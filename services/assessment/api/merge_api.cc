#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fivestrand/assessment/v1/pupil_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/api/pupil_api.h"

namespace fivestrand::assessment::api {
namespace {

using resource::WriteContext;

template <typename Dated>
absl::CivilDay EndOf(const Dated& record) {
  return record.has_end_date() ? calendar::FromProto(record.end_date()).value_or(absl::CivilDay(9999, 12, 31))
                               : absl::CivilDay(9999, 12, 31);
}

template <typename Dated>
bool Overlap(const Dated& a, const Dated& b) {
  const auto start = [](const Dated& record) {
    return calendar::FromProto(record.start_date()).value_or(absl::CivilDay(1, 1, 1));
  };
  return start(a) <= EndOf(b) && start(b) <= EndOf(a);
}

// Two records of one pupil cannot both be right about the same days.
bool Clash(const v1::Enrolment& a, const v1::Enrolment& b) {
  return Overlap(a, b);
}
bool Clash(const v1::ClassMembership& a, const v1::ClassMembership& b) {
  return a.school_class() == b.school_class() && Overlap(a, b);
}
bool Clash(const v1::GroupMembership& a, const v1::GroupMembership& b) {
  return a.group() == b.group() && a.detail() == b.detail() && Overlap(a, b);
}

class Merge {
 public:
  Merge(const domain::RecordSource& source, const domain::ResultBook& book, WriteContext& write,
        const v1::MergePupilsRequest& request, v1::MergePupilsResponse* response, domain::ResultChanges* changes)
      : source_(source),
        book_(book),
        write_(write),
        transaction_(write.transaction()),
        request_(request),
        trust_(write.call().trust),
        response_(*response),
        changes_(*changes) {}

  absl::Status Run() {
    if (request_.name() == request_.duplicate()) return status::InvalidField("duplicate", "must be another record");
    if (names::TrustOf(request_.duplicate()) != trust_) return status::InvalidField("duplicate", "must be of the same trust");
    v1::Pupil kept, duplicate;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write_.Read(request_.duplicate(), &duplicate));
    if (!found) return status::NotFound("fivestrand/Pupil", request_.duplicate());
    FIVESTRAND_ASSIGN_OR_RETURN(const bool kept_found, write_.Read(request_.name(), &kept));
    if (!kept_found) return status::NotFound("fivestrand/Pupil", request_.name());
    if (!request_.etag().empty() && request_.etag() != kept.etag()) return status::StaleEtag(request_.name());

    FIVESTRAND_RETURN_IF_ERROR(book_.MergeResults(write_, request_, &response_, &changes_));
    FIVESTRAND_RETURN_IF_ERROR(MoveDated());
    // The UPN is free only once the other record is gone.
    FIVESTRAND_RETURN_IF_ERROR(write_.Update(request_.duplicate(), {}, "merge", &duplicate, [&] {
      duplicate.set_merged_into(request_.name());
      return absl::OkStatus();
    }));
    v1::Pupil gone = duplicate;
    FIVESTRAND_RETURN_IF_ERROR(write_.Delete(request_.duplicate(), {}, &gone));
    return write_.Update(request_.name(), {}, "merge", response_.mutable_pupil(), [&] {
      TakeMissing(duplicate, response_.mutable_pupil());
      return absl::OkStatus();
    });
  }

 private:
  static void TakeMissing(const v1::Pupil& from, v1::Pupil* to) {
    if (to->upn().empty()) to->set_upn(from.upn());
    if (to->sex() == v1::Pupil::SEX_UNSPECIFIED) to->set_sex(from.sex());
    if (!to->has_birth_date() && from.has_birth_date()) *to->mutable_birth_date() = from.birth_date();
    if (to->prior_attainment() == v1::Pupil::PRIOR_ATTAINMENT_UNSPECIFIED) to->set_prior_attainment(from.prior_attainment());
  }

  absl::Status MoveDated() {
    std::vector<v1::Enrolment> enrolments, own_enrolments;
    FIVESTRAND_RETURN_IF_ERROR(source_.EnrolmentsOf(transaction_, request_.duplicate(), &enrolments));
    FIVESTRAND_RETURN_IF_ERROR(source_.EnrolmentsOf(transaction_, request_.name(), &own_enrolments));
    FIVESTRAND_RETURN_IF_ERROR(MoveAll(enrolments, own_enrolments));
    std::vector<v1::ClassMembership> classes, own_classes;
    FIVESTRAND_RETURN_IF_ERROR(source_.ClassMembershipsOf(transaction_, request_.duplicate(), &classes));
    FIVESTRAND_RETURN_IF_ERROR(source_.ClassMembershipsOf(transaction_, request_.name(), &own_classes));
    FIVESTRAND_RETURN_IF_ERROR(MoveAll(classes, own_classes));
    std::vector<v1::GroupMembership> groups, own_groups;
    FIVESTRAND_RETURN_IF_ERROR(source_.GroupMembershipsOf(transaction_, request_.duplicate(), &groups));
    FIVESTRAND_RETURN_IF_ERROR(source_.GroupMembershipsOf(transaction_, request_.name(), &own_groups));
    return MoveAll(groups, own_groups);
  }

  template <typename Dated>
  absl::Status MoveAll(const std::vector<Dated>& from, const std::vector<Dated>& own) {
    for (const Dated& record : from) {
      Dated gone;
      FIVESTRAND_RETURN_IF_ERROR(write_.Delete(record.name(), {}, &gone));
      if (std::any_of(own.begin(), own.end(), [&](const Dated& other) { return Clash(record, other); })) {
        response_.set_dropped_memberships(response_.dropped_memberships() + 1);
        continue;
      }
      Dated copy = record;
      copy.clear_name();
      copy.clear_etag();
      FIVESTRAND_RETURN_IF_ERROR(write_.Create(request_.name(), "", &copy));
      response_.set_moved_memberships(response_.moved_memberships() + 1);
    }
    return absl::OkStatus();
  }

  const domain::RecordSource& source_;
  const domain::ResultBook& book_;
  WriteContext& write_;
  fivestrand::store::WriteTransaction& transaction_;
  const v1::MergePupilsRequest& request_;
  const std::string_view trust_;
  v1::MergePupilsResponse& response_;
  domain::ResultChanges& changes_;
};

}  // namespace

void BindMerge(resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source,
               std::shared_ptr<const domain::ResultBook> book, std::shared_ptr<domain::ResultObserver> observer,
               rpc::Server& server) {
  // Groups are sealed anew under their new names, so the key is made ready first, which may wait.
  server.AsyncUnary(
      rpc::FindMethod("fivestrand.assessment.v1.PupilService.MergePupils"), rpc::Runs::kPool,
      [&registry, source, book, observer](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                                          std::function<void(absl::Status, rpc::Reply)> done) {
        const auto* request = static_cast<const v1::MergePupilsRequest*>(&message);
        auto changes = std::make_shared<domain::ResultChanges>();
        auto told = [observer, changes, trust = std::string(context->trust), dry = request->validate_only(),
                     done = std::move(done)](absl::Status status, rpc::Reply reply) {
          const bool changed = !changes->written.empty() || !changes->removed.empty();
          if (status.ok() && !dry && changed && observer != nullptr)
            observer->OnResults({trust, changes->trust_number, changes->written, changes->removed});
          done(std::move(status), std::move(reply));
        };
        resource::WriteSpec spec{.request_id = request->request_id(),
                                 .validate_only = request->validate_only(),
                                 .seal_answer = true,
                                 .resource_type = "fivestrand/Pupil"};
        registry.RunWrite(
            std::move(context), message, std::move(spec),
            [source, book, request, changes](WriteContext& write, std::string* reply) -> absl::Status {
              *changes = {};
              v1::MergePupilsResponse response;
              FIVESTRAND_RETURN_IF_ERROR(Merge(*source, *book, write, *request, &response, changes.get()).Run());
              response.SerializeToString(reply);
              return absl::OkStatus();
            },
            std::move(told));
      });
}

}  // namespace fivestrand::assessment::api

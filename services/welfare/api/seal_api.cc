#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"
#include "fivestrand/welfare/v1/welfare_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/welfare/api/matter_changes.h"
#include "services/welfare/api/welfare_api.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::api {
namespace {

using domain::Knowledge;
using domain::Part;
using google::protobuf::Message;
using resource::WriteContext;
using resource::WriteSpec;

constexpr int kMostRecords = 200;
constexpr std::size_t kLeastReason = 20;

const google::protobuf::MethodDescriptor* Find(std::string_view method) {
  return rpc::FindMethod(absl::StrCat("fivestrand.welfare.v1.WelfareService.", AbslView(method)));
}

// Whether the record names `person` in that part, and exists for them.
bool Names(const Message& record, Part part, std::string_view person) {
  const std::vector<domain::Party> parties = domain::PartiesOf(record);
  return std::any_of(parties.begin(), parties.end(),
                     [&](const domain::Party& party) { return party.part == part && party.visible && party.person == person; });
}

void SetHolder(std::string_view holder, Message* record) {
  resource::SetText(record, record->GetDescriptor()->FindFieldByName("holder"), holder);
}

v1::Circle* CircleOf(Message* record) {
  return static_cast<v1::Circle*>(
      record->GetReflection()->MutableMessage(record, record->GetDescriptor()->FindFieldByName("circle")));
}

template <typename Request>
absl::Status ChangeCircle(WriteContext& write, const Request& request, std::string_view verb,
                          absl::FunctionRef<absl::Status(const Message&, v1::Circle*)> change, v1::Circle* answer) {
  const std::unique_ptr<Message> record = domain::NewMatter(request.name());
  if (record == nullptr) return NotNamed(write);
  FIVESTRAND_RETURN_IF_ERROR(ChangeMatter(
      write, request.name(), "", verb, record.get(), [&] { return Names(*record, Part::kPerson, write.actor()); },
      [&] { return change(*record, CircleOf(record.get())); }));
  *answer = *CircleOf(record.get());
  return absl::OkStatus();
}

absl::Status AgreeReader(WriteContext& write, const v1::AgreeReaderRequest& request, v1::AgreeReaderResponse* response) {
  return ChangeCircle(
      write, request, "agreeReader",
      [&](const Message& record, v1::Circle* circle) -> absl::Status {
        const auto& readers = circle->readers();
        if (std::find(readers.begin(), readers.end(), request.reader()) != readers.end()) return absl::OkStatus();
        if (request.reader() == write.actor() || Names(record, Part::kHolder, request.reader())) {
          return status::InvalidField("reader", "must be somebody who does not read it already");
        }
        if (readers.size() >= domain::kMaxReaders) return status::InvalidField("reader", "would be one more than 10");
        circle->add_readers(request.reader());
        return absl::OkStatus();
      },
      response->mutable_circle());
}

absl::Status WithdrawReader(WriteContext& write, const v1::WithdrawReaderRequest& request, v1::WithdrawReaderResponse* response) {
  return ChangeCircle(
      write, request, "withdrawReader",
      [&](const Message& record, v1::Circle* circle) {
        auto* readers = circle->mutable_readers();
        readers->erase(std::remove(readers->begin(), readers->end(), request.reader()), readers->end());
        return absl::OkStatus();
      },
      response->mutable_circle());
}

absl::StatusOr<std::vector<std::string>> Officers(const Knowledge& knowledge, WriteContext& write,
                                                  std::initializer_list<identity::Role> roles) {
  std::vector<std::string> officers;
  for (const identity::Role role : roles) {
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::vector<std::string> holders,
        knowledge.directory->Holders(write.transaction(), write.call().trust, role, calendar::DayOf(write.now())));
    officers.insert(officers.end(), holders.begin(), holders.end());
  }
  return officers;
}

bool Has(const std::vector<std::string>& persons, std::string_view person) {
  return std::find(persons.begin(), persons.end(), person) != persons.end();
}

absl::Status HandOver(const Knowledge& knowledge, WriteContext& write, const v1::HandOverRequest& request,
                      v1::HandOverResponse* response) {
  const std::string from = request.from().empty() ? std::string(write.actor()) : request.from();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> officers,
                              Officers(knowledge, write, {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CEO}));
  if (from != write.actor()) {
    // Only what somebody has left behind can be taken up, and only by the office that answers for it.
    if (!write.call().caller->HasRole(type::v1::ROLE_HR_DIRECTOR, write.now()) || Has(officers, from)) return NotNamed(write);
    domain::StaffMember member;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool works,
                                knowledge.directory->FindStaff(write.transaction(), from, calendar::DayOf(write.now()), &member));
    if (works) return NotNamed(write);
  }
  if (!Has(officers, request.to())) return status::InvalidField("to", "must be an HR director or the CEO");
  std::vector<std::string> names;
  if (!request.record().empty()) {
    names.push_back(request.record());
  } else {
    FIVESTRAND_ASSIGN_OR_RETURN(names, knowledge.matters->NamesOf(write.transaction(), from, Part::kHolder, kMostRecords + 1));
  }
  int moved = 0, kept = 0;
  for (const std::string& name : names) {
    if (moved == kMostRecords) {
      response->set_more(true);
      break;
    }
    const std::unique_ptr<Message> record = domain::NewMatter(name);
    if (record == nullptr) return NotNamed(write);
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, knowledge.matters->Open(write.transaction(), name, record.get()));
    if (found && Names(*record, Part::kHolder, from) && Names(*record, Part::kPerson, request.to())) {
      ++kept;  // Nobody holds what is about themselves.
      continue;
    }
    record->Clear();
    FIVESTRAND_RETURN_IF_ERROR(ChangeMatter(
        write, name, "", "handOver", record.get(), [&] { return Names(*record, Part::kHolder, from); },
        [&] {
          SetHolder(request.to(), record.get());
          return absl::OkStatus();
        }));
    ++moved;
  }
  if (moved == 0 && kept > 0) return status::InvalidField("to", "is the person whom it is about");
  response->set_record_count(moved);
  return absl::OkStatus();
}

// Whoever is told besides the person: the other office first.
absl::StatusOr<std::string> SecondOfficer(const Knowledge& knowledge, WriteContext& write, std::string_view person) {
  const bool hr = write.call().caller->HasRole(type::v1::ROLE_HR_DIRECTOR, write.now());
  const identity::Role other = hr ? type::v1::ROLE_DATA_PROTECTION_OFFICER : type::v1::ROLE_HR_DIRECTOR;
  const identity::Role same = hr ? type::v1::ROLE_HR_DIRECTOR : type::v1::ROLE_DATA_PROTECTION_OFFICER;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> officers,
                              Officers(knowledge, write, {other, same, type::v1::ROLE_CEO}));
  for (const std::string& officer : officers) {
    if (officer != person && officer != write.actor()) return officer;
  }
  return status::Precondition("NO_SECOND_OFFICER", names::TrustNameOf(person), "there is no second officer who could be told");
}

absl::Status BreakGlass(const Knowledge& knowledge, WriteContext& write, const v1::BreakGlassRequest& request,
                        v1::BreakGlassResponse* response) {
  if (request.reason().size() < kLeastReason) return status::InvalidField("reason", "must have at least 20 characters");
  if (request.person() == write.actor()) return status::InvalidField("person", "must be somebody else");
  if (names::TrustOf(request.person()) != write.call().trust) {
    return status::InvalidField("person", "must be of the same trust");
  }
  v1::Notice* notice = response->mutable_notice();
  FIVESTRAND_ASSIGN_OR_RETURN(std::string officer, SecondOfficer(knowledge, write, request.person()));
  notice->set_second_officer(std::move(officer));
  notice->set_person(request.person());
  notice->set_opened_by(std::string(write.actor()));
  notice->set_reason(request.reason());
  resource::SetTime(notice, v1::Notice::descriptor()->FindFieldByName("open_time"), write.now());

  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                              knowledge.matters->NamesOf(write.transaction(), request.person(), Part::kPerson, kMostRecords));
  int count = 0;
  for (const std::string& name : names) {
    const std::unique_ptr<Message> record = domain::NewMatter(name);
    if (record == nullptr) continue;  // An earlier notice names the person too.
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, knowledge.matters->Open(write.transaction(), name, record.get()));
    if (!found) continue;
    if (auto* check_in = dynamic_cast<v1::CheckIn*>(record.get())) response->add_check_ins()->Swap(check_in);
    if (auto* concern = dynamic_cast<v1::WelfareConcern*>(record.get())) response->add_welfare_concerns()->Swap(concern);
    if (auto* support = dynamic_cast<v1::Support*>(record.get())) response->add_supports()->Swap(support);
    if (auto* follow_up = dynamic_cast<v1::FollowUp*>(record.get())) response->add_follow_ups()->Swap(follow_up);
    write.transaction().AppendAudit(
        {.actor = write.actor(), .action = "breakGlass", .resource = name, .trust = write.call().trust});
    ++count;
  }
  notice->set_record_count(count);
  return write.Create(request.parent(), "", notice);
}

}  // namespace

void BindSeals(resource::Registry& registry, const Knowledge& knowledge, rpc::Server& server) {
  registry.HandleWrite<v1::AgreeReaderRequest, v1::AgreeReaderResponse>(
      server, Find("AgreeReader"), [](const v1::AgreeReaderRequest&) { return WriteSpec{.seal_answer = true}; }, &AgreeReader);
  registry.HandleWrite<v1::WithdrawReaderRequest, v1::WithdrawReaderResponse>(
      server, Find("WithdrawReader"), [](const v1::WithdrawReaderRequest&) { return WriteSpec{.seal_answer = true}; },
      &WithdrawReader);
  registry.HandleWrite<v1::HandOverRequest, v1::HandOverResponse>(
      server, Find("HandOver"),
      [](const v1::HandOverRequest& request) { return WriteSpec{.request_id = request.request_id(), .seal_answer = true}; },
      [knowledge](WriteContext& write, const v1::HandOverRequest& request, v1::HandOverResponse* response) {
        return HandOver(knowledge, write, request, response);
      });
  // Without an id that repeats it: each reading is a breach of its own, and its answer is kept nowhere.
  registry.HandleWrite<v1::BreakGlassRequest, v1::BreakGlassResponse>(
      server, Find("BreakGlass"), [](const v1::BreakGlassRequest&) { return WriteSpec{.seal_answer = true}; },
      [knowledge](WriteContext& write, const v1::BreakGlassRequest& request, v1::BreakGlassResponse* response) {
        return BreakGlass(knowledge, write, request, response);
      });
}

}  // namespace fivestrand::welfare::api

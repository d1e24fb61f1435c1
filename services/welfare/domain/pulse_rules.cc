#include "services/welfare/domain/pulse_rules.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

#include "platform/calendar/timestamp.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::welfare::domain {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 92);
constexpr char kHse[] = "HSE management standards: ";
constexpr char kOwn[] = "Fivestrand";

struct DefaultQuestion {
  const char* id;
  v1::QuestionSet set;
  const char* text;
  bool reversed;
  const char* standard;  // of the HSE, if it is one
};

constexpr DefaultQuestion kQuestions[] = {
    {"c1", v1::CULTURE, "I know what our trust stands for.", false, nullptr},
    {"c2", v1::CULTURE, "Leaders here do what they say.", false, nullptr},
    {"c3", v1::CULTURE, "I can say when something goes wrong.", false, nullptr},
    {"c4", v1::CULTURE, "We learn from each other across schools.", false, nullptr},
    {"b1", v1::BELONGING, "I feel that I belong in my school.", false, nullptr},
    {"b2", v1::BELONGING, "People here know and value what I do.", false, nullptr},
    {"b3", v1::BELONGING, "I would recommend my school as a place to work.", false, nullptr},
    {"b4", v1::BELONGING, "I am treated fairly, whoever I am.", false, nullptr},
    {"w1", v1::WORKLOAD, "I have more to do than I can do well.", true, "demands"},
    {"w2", v1::WORKLOAD, "I can decide how I do my work.", false, "control"},
    {"w3", v1::WORKLOAD, "I get the help that I need from my line manager.", false, "support"},
    {"w4", v1::WORKLOAD, "Relationships at work are strained.", true, "relationships"},
    {"w5", v1::WORKLOAD, "I am clear about what is expected of me.", false, "role"},
    {"w6", v1::WORKLOAD, "I am asked before things change at work.", false, "change"},
};

class PulseSurveyStrategy final : public resource::StrategyFor<v1::PulseSurvey> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::PulseSurvey* before, v1::PulseSurvey* after) override {
    if (after->questions().empty()) AddDefaultQuestions(after);
    if (after->min_group_size() == 0) after->set_min_group_size(kDefaultGroup);
    if (before == nullptr && after->state() == v1::PulseSurvey::STATE_UNSPECIFIED) after->set_state(v1::PulseSurvey::SCHEDULED);
    FIVESTRAND_RETURN_IF_ERROR(CheckSurvey(context.field_prefix(), after));
    if (before == nullptr) return absl::OkStatus();
    if (before->state() != v1::PulseSurvey::SCHEDULED) {
      return status::Precondition("PULSE_CLOSED", after->name(), "a survey that is over cannot be changed");
    }
    if (calendar::ToTime(before->open_time()) > context.now()) return absl::OkStatus();
    // Whoever has answered has answered these questions, in this group, with this promise.
    v1::PulseSurvey fixed = *after;
    *fixed.mutable_close_time() = before->close_time();
    fixed.set_title(before->title());
    fixed.set_state(before->state());
    fixed.set_etag(before->etag());
    if (fixed.SerializeAsString() != before->SerializeAsString()) {
      return status::Precondition("PULSE_OPEN", after->name(), "only title and close_time can change once it is open");
    }
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<resource::Strategy> NewPulseSurveyStrategy() {
  return std::make_unique<PulseSurveyStrategy>();
}

void AddDefaultQuestions(v1::PulseSurvey* survey) {
  for (const DefaultQuestion& one : kQuestions) {
    auto* question = survey->add_questions();
    question->set_id(one.id);
    question->set_set(one.set);
    question->set_text(one.text);
    question->set_reversed(one.reversed);
    question->set_source(one.standard == nullptr ? kOwn : absl::StrCat(kHse, one.standard));
  }
}

absl::Status CheckSurvey(std::string_view prefix, v1::PulseSurvey* survey) {
  status::FieldViolations wrong;
  auto field = [&](std::string_view name) {
    return prefix.empty() ? std::string(name) : absl::StrCat(AbslView(prefix), ".", AbslView(name));
  };
  if (survey->questions_size() > kMaxQuestions) wrong.Add(field("questions"), "has more than 20");
  std::set<std::string> ids;
  for (int i = 0; i < survey->questions_size(); ++i) {
    if (!ids.insert(survey->questions(i).id()).second) wrong.Add(field(absl::StrCat("questions[", i, "].id")), "is there twice");
  }
  if (survey->min_group_size() < kLeastGroup) wrong.Add(field("min_group_size"), "must be at least 5");
  const absl::Time open = calendar::ToTime(survey->open_time()), close = calendar::ToTime(survey->close_time());
  if (close <= open) wrong.Add(field("close_time"), "must be after open_time");
  if (close > open + kLongest) wrong.Add(field("close_time"), "must be within 92 days of open_time");
  return wrong.ToStatus();
}

bool IsOpen(const v1::PulseSurvey& survey, absl::Time now) {
  return survey.state() == v1::PulseSurvey::SCHEDULED && calendar::ToTime(survey.open_time()) <= now &&
         now < calendar::ToTime(survey.close_time());
}

bool IsDue(const v1::PulseSurvey& survey, absl::Time now) {
  return survey.state() == v1::PulseSurvey::SCHEDULED && calendar::ToTime(survey.close_time()) <= now;
}

bool Invites(const v1::PulseSurvey& survey, std::string_view school) {
  if (survey.schools().empty()) return true;
  return std::find(survey.schools().begin(), survey.schools().end(), std::string(school)) != survey.schools().end();
}

absl::StatusOr<std::vector<int>> ReadRatings(const v1::PulseSurvey& survey,
                                             const google::protobuf::RepeatedPtrField<v1::AnswerPulseRequest::Rating>& ratings) {
  std::vector<int> values(static_cast<size_t>(survey.questions_size()), 0);
  if (ratings.empty()) return status::InvalidField("ratings", "needs at least one");
  for (int i = 0; i < ratings.size(); ++i) {
    const std::string at = absl::StrCat("ratings[", i, "]");
    if (ratings[i].value() < 1 || ratings[i].value() > 5) return status::InvalidField(at + ".value", "must be 1 to 5");
    int found = -1;
    for (int q = 0; q < survey.questions_size(); ++q) {
      if (survey.questions(q).id() == ratings[i].question()) found = q;
    }
    if (found < 0) return status::InvalidField(at + ".question", "is none of this survey");
    int& value = values[static_cast<size_t>(found)];
    if (value != 0) return status::InvalidField(at + ".question", "is rated twice");
    value = ratings[i].value();
  }
  return values;
}

}  // namespace fivestrand::welfare::domain

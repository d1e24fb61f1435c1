#include "services/leadership/domain/model/default_model.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "platform/status/views.h"

namespace fivestrand::leadership::domain {
namespace {

constexpr std::string_view kLeadership = "leadership";
constexpr std::string_view kCpd = "cpd";
constexpr std::string_view kAssessment = "assessment";
constexpr std::string_view kWelfare = "welfare";

struct Element {
  std::string_view number;
  std::string_view id;
  std::string_view title;
  std::string_view owner;
  // Of those that the page marks as commitments. Where it names no interval, the usual one of schools; a trust sets its own.
  v1::Cadence cadence = v1::CADENCE_UNSPECIFIED;
  // Where the page itself says how far it has come, and in what words.
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
  std::string_view statement = {};
};

struct Strand {
  std::string_view id;
  std::string_view title;
  absl::Span<const Element> elements;
};

constexpr Element kVisibleLeadership[] = {
    {"1.1", "vision-values", "Clear vision and values at trust and school level", kLeadership},
    {"1.2", "leaders-in-schools", "CEO and executive headteachers are in schools", kLeadership, v1::WEEKLY},
    {"1.3", "visible-headteacher",
     "Headteacher: daily lesson drop-in; break duty; out and about at start and end of day; always modelling great teaching",
     kLeadership, v1::DAILY},
    {"1.4", "middle-leadership", "Effective middle leadership held to account by line managers", kLeadership, v1::FORTNIGHTLY},
    {"1.5", "development-plans", "School development plans are working documents", kLeadership},
    {"1.6", "systems-policies", "Systems and policies are standardised, aligned or autonomous", kLeadership},
};

constexpr Element kCareSupportChallenge[] = {
    {"2.1", "culture", "Culture is clear at executive level and in all schools", kWelfare},
    {"2.2", "appraisal", "Effective appraisal system in all schools", kCpd, v1::CADENCE_UNSPECIFIED, v1::ALIGNING,
     "Becoming aligned"},
    {"2.3", "board-drive", "At board level, directors drive improvements", kLeadership, v1::HALF_TERMLY},
    {"2.4", "ceo-eht-meetings", "CEO fortnightly meetings with each executive headteacher", kLeadership, v1::FORTNIGHTLY},
    {"2.5", "eht-ht-meetings", "Executive headteacher meets weekly with headteacher", kLeadership, v1::WEEKLY},
    {"2.6", "staff-welfare", "HR director supports welfare of headteachers and all staff", kWelfare, v1::HALF_TERMLY},
    {"2.7", "subject-expertise", "Trust expertise in core subjects, e.g. writing and maths", kCpd, v1::CADENCE_UNSPECIFIED,
     v1::BEGINNING, "Beginning to develop"},
    {"2.8", "school-to-school", "School to school support", kLeadership},
    {"2.9", "trust-qa", "Trust QA programme", kLeadership, v1::TERMLY},
    {"2.10", "external-consultants", "External consultants (inspectors) visit each school annually", kLeadership, v1::ANNUALLY},
    {"2.11", "termly-reviews", "Termly reviews", kLeadership, v1::TERMLY},
    {"2.12", "team-around-school", "360 degree meetings twice a year (team around the school)", kLeadership, v1::TWICE_A_YEAR},
    {"2.13", "leadership-programme", "Acorn Leadership Programme", kCpd},
    {"2.14", "coaching", "Coaching", kCpd, v1::FORTNIGHTLY},
    {"2.15", "cpd", "Relevant and high quality continuous professional development", kCpd},
};

constexpr Element kOpportunities[] = {
    {"3.1", "curriculum", "High quality curriculum", kLeadership, v1::ANNUALLY},
    {"3.2", "teaching", "World class teaching and learning", kLeadership},
    {"3.3", "enrichment", "Enrichment activities and opportunities", kAssessment},
    {"3.4", "resources-facilities", "First class resources and facilities", kLeadership, v1::ANNUALLY},
};

constexpr Element kRespectRecognitionResilience[] = {
    {"4.1", "belief", "Belief in the trust, each school and each individual", kWelfare},
    {"4.2", "partnership", "Partnership", kLeadership},
    {"4.3", "giver-receiver", "Each school is a giver and a receiver for the trust", kLeadership},
    {"4.4", "eht-meetings", "Executive headteacher meetings, monthly", kLeadership, v1::MONTHLY},
    {"4.5", "ht-meetings", "Headteacher meetings, 6 times a year", kLeadership, v1::SIX_TIMES_A_YEAR},
    {"4.6", "working-parties", "Working parties, as relevant", kLeadership},
    {"4.7", "praise", "Praise is used appropriately and effectively across the trust", kLeadership},
};

// Of 5.2 leadership keeps the drop-ins and assessment the progress: both answer for it, and leadership owns it.
constexpr Element kNeedsOfAll[] = {
    {"5.1", "outcomes", "Relentless focus on outcomes for every child", kAssessment},
    {"5.2", "differentiation", "Differentiation is a strong focus in all schools", kLeadership},
    {"5.3", "assessment-tracking", "Trust assessment, monitoring and tracking system", kAssessment, v1::CADENCE_UNSPECIFIED,
     v1::EMERGING, "Is emerging"},
    {"5.4", "data-meetings", "Weekly meetings on data", kAssessment, v1::WEEKLY},
    {"5.5", "pupil-progress-meetings", "Standardised pupil progress meetings", kAssessment, v1::HALF_TERMLY},
    {"5.6", "pupil-groups", "Focus on all learners and disadvantaged, SEND, LAC, most able", kAssessment},
    {"5.7", "trust-send", "Trust-wide approach to SEND", kAssessment, v1::TERMLY, v1::ALIGNING, "Moving to one approach"},
    {"5.8", "intervention", "Intervention is used appropriately", kAssessment},
};

constexpr Strand kStrands[] = {
    {"visible-leadership", "Active and visible leadership", kVisibleLeadership},
    {"care-support-challenge", "Care, support and challenge", kCareSupportChallenge},
    {"opportunities", "Opportunities for all", kOpportunities},
    {"respect-recognition-resilience", "Respect, recognition and resilience", kRespectRecognitionResilience},
    {"needs-of-all", "Needs of all are paramount", kNeedsOfAll},
};

v1::ImprovementModel Build() {
  v1::ImprovementModel model;
  model.set_title("School Improvement Model");
  for (const Strand& strand : kStrands) {
    v1::Strand& built = *model.add_strands();
    built.set_strand(std::string(strand.id));
    built.set_title(std::string(strand.title));
    for (const Element& element : strand.elements) {
      v1::ModelElement& one = *built.add_elements();
      one.set_element(std::string(element.id));
      one.set_number(std::string(element.number));
      one.set_title(std::string(element.title));
      one.set_owner(std::string(element.owner));
      one.set_cadence(element.cadence);
      one.set_stage(element.stage);
      one.set_statement(std::string(element.statement));
    }
  }
  return model;
}

}  // namespace

const v1::ImprovementModel& DefaultModel() {
  static const v1::ImprovementModel& model = *new v1::ImprovementModel(Build());
  return model;
}

std::string ModelName(std::string_view trust) {
  return absl::StrCat(AbslView(trust), "/improvementModels/", AbslView(kModelId));
}

v1::ImprovementModel DefaultModelOf(std::string_view trust) {
  v1::ImprovementModel model = DefaultModel();
  model.set_name(ModelName(trust));
  model.set_etag("\"0-default\"");
  return model;
}

const v1::ModelElement* FindElement(const v1::ImprovementModel& model, std::string_view element) {
  for (const v1::Strand& strand : model.strands()) {
    for (const v1::ModelElement& one : strand.elements()) {
      if (one.element() == element) return &one;
    }
  }
  return nullptr;
}

std::string_view StrandOf(const v1::ImprovementModel& model, std::string_view element) {
  for (const v1::Strand& strand : model.strands()) {
    for (const v1::ModelElement& one : strand.elements()) {
      if (one.element() == element) return strand.strand();
    }
  }
  return {};
}

}  // namespace fivestrand::leadership::domain

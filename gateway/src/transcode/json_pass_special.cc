// The messages that JSON writes in a form of their own.
#include "gateway/src/transcode/json_pass.h"
#include "gateway/src/transcode/json_text.h"
#include "gateway/src/transcode/json_writer.h"

namespace fivestrand::gateway::transcode {

bool JsonPass::ReadTime(std::string_view wire, int64_t* seconds, int32_t* nanos) {
  WireReader in(wire);
  while (!in.done()) {
    uint32_t number;
    WireType type;
    uint64_t value;
    if (!in.TakeTag(&number, &type)) return false;
    if (number > 2 || type != WireType::kVarint) {
      if (!in.Skip(type, number)) return false;
      continue;
    }
    if (!in.TakeVarint(&value)) return false;
    if (number == 1) *seconds = static_cast<int64_t>(value);
    if (number == 2) *nanos = static_cast<int32_t>(value);
  }
  return true;
}

JsonResult JsonPass::Special(const MessagePlan& plan, std::string_view wire, int depth) {
  int64_t seconds = 0;
  int32_t nanos = 0;
  switch (plan.well_known) {
    case WellKnown::kTimestamp:
    case WellKnown::kDuration: {
      if (!ReadTime(wire, &seconds, &nanos)) return JsonResult::kMalformed;
      out_->push_back('"');
      const bool fits =
          plan.well_known == WellKnown::kTimestamp ? FormatTimestamp(seconds, nanos, out_) : FormatDuration(seconds, nanos, out_);
      out_->push_back('"');
      return fits ? JsonResult::kOk : JsonResult::kUnwritable;
    }
    case WellKnown::kFieldMask:
      return FieldMask(wire);
    case WellKnown::kWrapper:
    case WellKnown::kStruct:
    case WellKnown::kListValue:
      return Bare(plan, wire, depth);
    case WellKnown::kValue: {
      const size_t before = out_->size();
      RETURN_UNLESS_OK(BareOneof(plan, wire, depth));
      if (out_->size() == before) out_->append("null");
      return JsonResult::kOk;
    }
    case WellKnown::kAny:
      return Any(wire, depth);
    case WellKnown::kNone:
      break;
  }
  return JsonResult::kUnwritable;
}

JsonResult JsonPass::Bare(const MessagePlan& plan, std::string_view wire, int depth) {
  only_ = &plan.fields[0];
  const size_t before = out_->size();
  RETURN_UNLESS_OK(Fields(plan, wire, depth, true));
  if (out_->size() == before) Zero(plan.fields[0]);
  return JsonResult::kOk;
}

JsonResult JsonPass::BareOneof(const MessagePlan& plan, std::string_view wire, int depth) {
  WireReader in(wire);
  uint32_t number;
  WireType type;
  if (in.done()) return JsonResult::kOk;
  if (!in.TakeTag(&number, &type)) return JsonResult::kMalformed;
  const FieldPlan* field = plan.Find(number);
  if (field == nullptr) return in.Skip(type, number) ? JsonResult::kOk : JsonResult::kMalformed;
  bool zero;
  RETURN_UNLESS_OK(Value(*field, type, &in, depth, &zero));
  return in.done() ? JsonResult::kOk : JsonResult::kNotCanonical;
}

JsonResult JsonPass::FieldMask(std::string_view wire) {
  std::string joined;
  WireReader in(wire);
  while (!in.done()) {
    uint32_t number;
    WireType type;
    std::string_view path;
    if (!in.TakeTag(&number, &type)) return JsonResult::kMalformed;
    if (number != 1 || type != WireType::kBytes) {
      if (!in.Skip(type, number)) return JsonResult::kMalformed;
      continue;
    }
    if (!in.TakeBytes(&path)) return JsonResult::kMalformed;
    if (!joined.empty()) joined.push_back(',');
    joined.append(PathToCamel(path));
  }
  AppendJsonString(joined, out_);
  return JsonResult::kOk;
}

JsonResult JsonPass::Any(std::string_view wire, int depth) {
  const std::string_view url = FindString(wire, 1), value = FindString(wire, 2);
  if (url.empty() && value.empty()) {
    out_->append("{}");
    return JsonResult::kOk;
  }
  out_->append("{\"@type\":");
  AppendJsonString(url, out_);
  const size_t slash = url.rfind('/');
  const MessagePlan* plan = slash == std::string_view::npos ? nullptr : plans_->GetByName(url.substr(slash + 1));
  if (plan == nullptr || plan->well_known != WellKnown::kNone) {
    out_->append(",\"value\":");
    if (plan == nullptr) {
      AppendJsonBytes(value, out_);  // A type that is not linked here: at least nothing is lost.
    } else {
      RETURN_UNLESS_OK(Message(*plan, value, depth + 1));
    }
  } else {
    RETURN_UNLESS_OK(Fields(*plan, value, depth + 1, /*first=*/false));
  }
  out_->push_back('}');
  return JsonResult::kOk;
}

}  // namespace fivestrand::gateway::transcode

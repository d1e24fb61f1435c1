#include "gateway/src/upstream/call_state.h"

#include <utility>

#include "gateway/src/upstream/status_of.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::upstream {
namespace {

// Below this a copy is cheaper than keeping the string alive.
constexpr size_t kCopyBelow = 1024;

}  // namespace

void BufferMessage::AppendTo(std::string* out) const {
  std::vector<grpc::Slice> slices;
  if (grpc::Slice single; buffer_->TrySingleSlice(&single).ok()) {
    out->append(reinterpret_cast<const char*>(single.begin()), single.size());
  } else if (buffer_->Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) out->append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
}

std::string_view BufferMessage::View(std::string* scratch) const {
  if (buffer_->TrySingleSlice(&slice_).ok()) return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()};
  scratch->clear();
  scratch->reserve(buffer_->Length());
  AppendTo(scratch);
  return *scratch;
}

grpc::ByteBuffer ToBuffer(std::string bytes, size_t offset) {
  const size_t size = bytes.size() - offset;
  if (size <= kCopyBelow) {
    const grpc::Slice slice(bytes.data() + offset, size);
    return grpc::ByteBuffer(&slice, 1);
  }
  auto* kept = new std::string(std::move(bytes));
  const grpc::Slice slice(
      kept->data() + offset, size, [](void* owner) { delete static_cast<std::string*>(owner); }, kept);
  return grpc::ByteBuffer(&slice, 1);
}

bool Peer::Admit() {
  const std::lock_guard lock(mutex);
  if (in_flight >= options.max_in_flight) return false;
  ++in_flight;
  return true;
}

CallBase::CallBase(std::shared_ptr<Peer> peer, const CallSpec& spec, http::Loop* loop)
    : peer_(std::move(peer)), path_(spec.path), loop_(loop) {
  for (const auto& [key, value] : spec.metadata) context_.AddMetadata(key, value);
  if (spec.deadline != absl::InfiniteFuture()) context_.set_deadline(absl::ToChronoTime(spec.deadline));
  const std::lock_guard lock(peer_->mutex);
  next_ = peer_->first;
  if (next_ != nullptr) next_->previous_ = this;
  peer_->first = this;
}

CallBase::~CallBase() {
  const std::lock_guard lock(peer_->mutex);
  (previous_ != nullptr ? previous_->next_ : peer_->first) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  --peer_->in_flight;
}

void CancelAll(Peer* peer) {
  const std::lock_guard lock(peer->mutex);
  for (CallBase* call = peer->first; call != nullptr; call = call->next_) call->context_.TryCancel();
}

Metadata ToMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& from) {
  Metadata out;
  for (const auto& [key, value] : from) {
    if (!IsReservedKey({key.data(), key.size()}))
      out.emplace_back(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return out;
}

CallEnd EndOf(const Peer& peer, const std::string& path, const grpc::ClientContext& context, const grpc::Status& status,
              bool with_initial) {
  CallEnd end;
  end.status = StatusOf(peer.options.name, path, status.error_code(), status.error_message(), status.error_details());
  if (with_initial) end.initial = ToMetadata(context.GetServerInitialMetadata());
  end.trailing = ToMetadata(context.GetServerTrailingMetadata());
  if (peer.options.on_end) peer.options.on_end(end.status.code());
  if (peer.options.on_unreachable && status::ReasonOf(end.status) == status::Reason::kUpstreamUnavailable)
    peer.options.on_unreachable();
  return end;
}

}  // namespace fivestrand::gateway::upstream

#include "platform/events/follower_metrics.h"

#include <algorithm>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "absl/time/clock.h"

namespace fivestrand::events {
namespace {

// The source tells at least every five seconds where it stands.
constexpr absl::Duration kCurrent = absl::Seconds(15);

prometheus::Labels LabelsOf(const std::string& service, const std::string& source, const std::string& follower) {
  return {{"service", service}, {"source", source}, {"follower", follower}};
}

prometheus::Labels With(prometheus::Labels labels, const char* name, const char* value) {
  labels[name] = value;
  return labels;
}

}  // namespace

FollowerMetrics::FollowerMetrics(prometheus::Registry* metrics, const std::string& service, const std::string& source,
                                 const std::string& follower)
    : lag_events_(prometheus::BuildGauge()
                      .Name("fivestrand_feed_lag_events")
                      .Help("Events of the source that have not had their effect here; as last told while there is no connection.")
                      .Register(*metrics)
                      .Add(LabelsOf(service, source, follower))),
      lag_seconds_(prometheus::BuildGauge()
                       .Name("fivestrand_feed_lag_seconds")
                       .Help("Time since everything that the source had is known to have had its effect here.")
                       .Register(*metrics)
                       .Add(LabelsOf(service, source, follower))),
      stopped_(prometheus::BuildGauge()
                   .Name("fivestrand_feed_follower_stopped")
                   .Help("1 while a follower stands still at an event whose effect fails for good.")
                   .Register(*metrics)
                   .Add(LabelsOf(service, source, follower))),
      delay_(prometheus::BuildHistogram()
                 .Name("fivestrand_feed_delay_seconds")
                 .Help("Time from the commit of an event to the commit of its effect, for the oldest event of each transaction.")
                 .Register(*metrics)
                 .Add(LabelsOf(service, source, follower),
                      prometheus::Histogram::BucketBoundaries{0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30, 300})),
      applied_(prometheus::BuildCounter()
                   .Name("fivestrand_feed_events_applied_total")
                   .Help("Events that have had their effect here, records of snapshots included.")
                   .Register(*metrics)
                   .Add(LabelsOf(service, source, follower))),
      snapshots_(prometheus::BuildCounter()
                     .Name("fivestrand_feed_snapshots_total")
                     .Help("Snapshots that a follower has taken over.")
                     .Register(*metrics)
                     .Add(LabelsOf(service, source, follower))),
      whole_(absl::Now()) {
  auto& failures = prometheus::BuildCounter()
                       .Name("fivestrand_feed_follower_failures_total")
                       .Help("Failures of a follower: of the connection, of this service's store, of an effect.")
                       .Register(*metrics);
  const prometheus::Labels labels = LabelsOf(service, source, follower);
  failures_[static_cast<int>(Failure::kConnection)] = &failures.Add(With(labels, "kind", "connection"));
  failures_[static_cast<int>(Failure::kStore)] = &failures.Add(With(labels, "kind", "store"));
  failures_[static_cast<int>(Failure::kEffect)] = &failures.Add(With(labels, "kind", "effect"));
}

void FollowerMetrics::Applied(std::size_t events, absl::Duration delay) {
  applied_.Increment(static_cast<double>(events));
  if (events > 0 && delay < absl::InfiniteDuration()) delay_.Observe(std::max(0.0, absl::ToDoubleSeconds(delay)));
}

void FollowerMetrics::SnapshotTaken() {
  snapshots_.Increment();
}

void FollowerMetrics::Failed(Failure failure) {
  failures_[static_cast<int>(failure)]->Increment();
}

void FollowerMetrics::SetStopped(bool stopped) {
  stopped_.Set(stopped ? 1 : 0);
}

void FollowerMetrics::Heard(std::int64_t cursor, std::int64_t newest, absl::Time now) {
  lag_events_.Set(static_cast<double>(std::max<std::int64_t>(newest - cursor, 0)));
  behind_ = cursor < newest;
  heard_ = now;
  if (!behind_) whole_ = now;
  Look(now);
}

void FollowerMetrics::Look(absl::Time now) {
  const bool whole = !behind_ && now - heard_ < kCurrent;
  lag_seconds_.Set(whole ? 0 : std::max(0.0, absl::ToDoubleSeconds(now - whole_)));
}

}  // namespace fivestrand::events

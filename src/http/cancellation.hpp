#pragma once
// Cancellation: stops what a request is waiting for, from outside.

namespace sluice::http {

/// When the client has left, say. For one request at a time, which it must outlive, as must its response.
/// Belongs to the loop's thread.
class Cancellation {
 public:
  /// What waits ends with client_gone, and so does whatever is begun later. May resume coroutines before it
  /// returns.
  void cancel() {
    cancelled_ = true;
    if (stop_) stop_(context_);
  }
  bool cancelled() const { return cancelled_; }

  /// For what can be cancelled: how it is told. Null to stop that.
  void watch(void (*stop)(void*), void* context) {
    stop_ = stop;
    context_ = context;
  }

 private:
  bool cancelled_ = false;
  void (*stop_)(void*) = nullptr;
  void* context_ = nullptr;
};

}  // namespace sluice::http

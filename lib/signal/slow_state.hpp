/// A stepper with a state that lives on microseconds, such as heat, and is held while a pattern runs.
///
/// A periodic solution finds it on the average of the period and keeps it there; a stream, which lasts long
/// enough, lets it live (design: slow and fast). A Stepper that has such a state derives from this as well.
#pragma once

namespace photonlink {

class SlowState {
 public:
  SlowState() = default;
  SlowState(const SlowState&) = delete;
  SlowState& operator=(const SlowState&) = delete;
  virtual ~SlowState() = default;
  /// From the next step on the slow state follows the signal, beginning where it was held.
  virtual void release() = 0;
  /// Everything, fast and slow, is as it was when the stepper started, released or not: finding the slow
  /// state again would take longer.
  virtual void rewind() = 0;
};

}  // namespace photonlink
